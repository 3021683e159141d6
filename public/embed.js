// Puts Fashion Lab into a course page: makes the frame, and wraps the messages between both pages (docs/embedding.md) in promises.
//
//   <script src="https://example.org/fashion-lab/embed.js"></script>
//   <div id="lab"></div>
//   <script>
//     const lab = FashionLab.embed('#lab', { config: { preset: 'quick' }, onProgress: (p) => console.log(p.network, p.loss) });
//     lab.start().catch((error) => console.warn(error.message));
//   </script>
//
// A classic script without exports, so that any page can load it from any host; `import 'https://.../embed.js'` works too. Both make the
// global `FashionLab`. Types: embed.d.ts. Leaves out: everything inside the frame.
(() => {
  'use strict';

  const NAME = 'fashion-lab';
  const VERSION = 1;
  // Milliseconds between two attempts to reach a frame that is still loading.
  const KNOCK = 500;
  // Frames are made at least and at most this high, whatever the page inside says.
  const HEIGHTS = [120, 20000];
  // Each is heard by `on(type, ...)` and by an option: `progress` by `onProgress`.
  const TYPES = ['ready', 'progress', 'evaluated', 'result', 'error', 'state', 'classified', 'height'];
  // The folder of this file is Fashion Lab's own. A module does not know where it came from.
  const here = document.currentScript ? new URL('.', document.currentScript.src).href : null;

  // The address of the page with settings, a view and autostart.
  function addressOf({ src, config = {}, view, autostart }) {
    const given = src || here;
    if (!given) throw new TypeError('FashionLab.embed: `src` has to be the address of Fashion Lab');
    const address = new URL(given, document.baseURI);
    const parts = address.hash.length > 1 ? [address.hash.slice(1)] : [];
    for (const [key, value] of Object.entries(config)) parts.push(`${key}=${encodeURIComponent(String(value))}`);
    if (view) parts.push(`view=${encodeURIComponent(view)}`);
    if (autostart) parts.push('autostart');
    address.hash = parts.join('&');
    return address;
  }

  function makeFrame(address, options) {
    const frame = document.createElement('iframe');
    frame.title = options.title || 'Fashion Lab';
    frame.style.cssText = 'border: 0; display: block; width: 100%';
    frame.style.height = `${options.height || 900}px`;
    frame.setAttribute('allow', options.allow === undefined ? 'clipboard-write' : options.allow);
    if (options.sandbox !== undefined) frame.setAttribute('sandbox', options.sandbox);
    frame.src = address.href;
    return frame;
  }

  // A picture as `classify` takes it: an address, a canvas, or 784 numbers.
  function pictureOf(picture) {
    if (typeof picture === 'string') return { image: picture };
    if (picture && typeof picture.toDataURL === 'function') return { image: picture.toDataURL() };
    if (picture && typeof picture.length === 'number') return { pixels: Array.from(picture) };
    throw new TypeError('classify: the picture has to be 784 numbers, an address or a canvas');
  }

  function embed(element, options = {}) {
    const place = typeof element === 'string' ? document.querySelector(element) : element;
    if (!place) throw new TypeError(`FashionLab.embed: there is no element ${element}`);
    const address = addressOf(options);
    const patience = options.timeout || 30000;
    const frame = makeFrame(address, options);
    // In a sandbox without allow-same-origin, its own or this page's, the frame has no origin: it is then known by its window alone.
    const mayLackOrigin = self.origin === 'null' || (options.sandbox !== undefined && !/\ballow-same-origin\b/i.test(options.sandbox));
    const target = mayLackOrigin ? '*' : address.origin;

    const listeners = new Map();
    const waiting = new Map();
    let [last, removed, knocking, connect] = [0, false, null, null];
    const connected = new Promise((resolve) => { connect = resolve; });

    function post(message) {
      if (frame.contentWindow) frame.contentWindow.postMessage({ target: NAME, version: VERSION, ...message }, target);
    }

    function heard(event) {
      const message = event.data;
      if (event.source !== frame.contentWindow || !message || message.source !== NAME || message.version !== VERSION) return;
      if (event.origin !== address.origin && !(mayLackOrigin && event.origin === 'null')) return;
      clearInterval(knocking);
      connect();
      if (message.type === 'height' && options.fitHeight !== false) {
        frame.style.height = `${Math.min(Math.max(message.height, HEIGHTS[0]), HEIGHTS[1])}px`;
      }
      const asked = waiting.get(message.id);
      if (asked) {
        waiting.delete(message.id);
        clearTimeout(asked.clock);
        if (message.type === 'error') return asked.reject(new Error(message.message));
        asked.resolve(message);
      }
      for (const callback of [...(listeners.get(message.type) || [])]) callback(message);
    }

    // Sends a message as soon as the page inside listens, and gives a promise of its answer.
    function ask(type, fields = {}) {
      if (removed) return Promise.reject(new Error('The frame was removed.'));
      last += 1;
      const id = `${type}-${last}`;
      return new Promise((resolve, reject) => {
        const clock = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`Fashion Lab did not answer \`${type}\` within ${patience / 1000} seconds.`));
        }, patience);
        waiting.set(id, { resolve, reject, clock });
        // One whose time is over is not sent any more.
        connected.then(() => { if (waiting.has(id)) post({ id, type, ...fields }); });
      });
    }

    function on(type, callback) {
      if (!listeners.has(type)) listeners.set(type, new Set());
      listeners.get(type).add(callback);
      return () => listeners.get(type).delete(callback);
    }

    function remove() {
      removed = true;
      removeEventListener('message', heard);
      clearInterval(knocking);
      frame.remove();
      waiting.forEach((asked) => { clearTimeout(asked.clock); asked.reject(new Error('The frame was removed.')); });
      waiting.clear();
    }

    for (const type of TYPES) {
      const callback = options[`on${type[0].toUpperCase()}${type.slice(1)}`];
      if (callback) on(type, callback);
    }
    addEventListener('message', heard);
    // A page that is still loading hears nothing, so from its load on it is greeted until it says something. Earlier the frame's window
    // still has another origin, for which no message is delivered.
    const knock = () => post({ type: 'hello' });
    frame.addEventListener('load', () => {
      clearInterval(knocking);
      knocking = setInterval(knock, KNOCK);
      knock();
    });
    place.appendChild(frame);

    const lab = { frame, on, remove, configure: (config) => ask('configure', { config }) };
    for (const type of ['hello', 'start', 'pause', 'resume', 'stop']) lab[type] = () => ask(type);
    lab.classify = async (picture) => ask('classify', pictureOf(picture));
    return lab;
  }

  self.FashionLab = Object.freeze({ version: VERSION, embed });
})();
