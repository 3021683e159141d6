// Starts the page, or says within a few seconds what is wrong and what to do about it.
//
// It is a file of its own, because many hosts refuse inline scripts. It is a classic script that starts another classic script, because
// a frame without an origin may load classic scripts from any host. It uses only old syntax, so that a browser without WebAssembly can
// still read it. More than 300 lines, because a second file could be missing too. Leaves out: everything after the start (src/app), and
// the case that this file itself does not run (the text in index.html).
(function () {
  'use strict';

  // Milliseconds without a byte after which a download counts as hanging, and between two looks at it.
  var PATIENCE = 5000;
  var LOOK = 500;

  var script = document.currentScript;
  var failed = false;
  // The directive by which a Content-Security-Policy last forbade something.
  var forbidden = null;
  // Downloads that have begun: { address, at: time of the last byte, done }.
  var downloads = [];

  document.addEventListener('securitypolicyviolation', function (event) {
    forbidden = event.effectiveDirective || event.violatedDirective;
  });

  function absolute(file) {
    return new URL(file, document.baseURI).href;
  }

  // In a sandbox without allow-same-origin; there every file counts as another host's.
  function isOpaque() {
    return self.origin === 'null';
  }

  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  // Shows a text and a list of steps in place of "The page opens.".
  function show(text, steps) {
    var box = document.getElementById('opening');
    if (!box) {
      var mount = document.getElementById('app') || document.body;
      box = document.createElement('div');
      box.id = 'opening';
      box.className = 'card';
      mount.insertBefore(box, mount.firstChild);
    }
    box.textContent = '';
    box.appendChild(element('p', text));
    if (steps.length) {
      var list = document.createElement('ul');
      steps.forEach(function (step) {
        list.appendChild(typeof step === 'string' ? element('li', step) : step);
      });
      box.appendChild(list);
    }
  }

  function phase(word) {
    var main = document.querySelector('main');
    if (main) main.setAttribute('data-phase', word);
  }

  // Posts a message to a page around this one.
  function tell(target, message) {
    message.source = 'fashion-lab';
    message.version = 1;
    try {
      target.postMessage(message, '*');
    } catch (error) {
      console.warn(error); // If the page cannot be reached, nothing changes here.
    }
  }

  // The end: the first reason stays, because the others usually follow from it.
  function fail(text, steps) {
    if (failed) return;
    failed = true;
    var box = document.getElementById('opening');
    if (box) box.setAttribute('role', 'alert');
    phase('cannot-open');
    show(text, steps);
    tell(window.parent || window, { type: 'error', message: text });
    // An outer page that listens late asks by a hello (src/protocol/asked.rs).
    window.addEventListener('message', function (event) {
      var asked = event.data;
      if (!asked || asked.target !== 'fashion-lab' || asked.version !== 1 || !event.source) return;
      if (asked.type === 'hello') tell(event.source, { type: 'state', id: asked.id, phase: 'cannot-open', message: text });
      else tell(event.source, { type: 'error', id: asked.id, message: text });
    });
  }

  // A failure with its text and its steps, to be thrown.
  function Failure(text, steps) {
    this.text = text;
    this.steps = steps;
  }

  var TOGETHER = 'For whoever runs this site: all files of the built page belong on the host together. An index.html of one build does not find the files of another.';
  var RELOAD = 'Reload the page. If that does not help, reload it without the browser\u2019s cache (Shift and the reload button).';

  function openInTab() {
    var item = document.createElement('li');
    var link = element('a', 'Open Fashion Lab in a tab of its own');
    link.href = location.href;
    link.target = '_blank';
    link.rel = 'noopener';
    item.appendChild(link);
    item.appendChild(document.createTextNode('.'));
    return item;
  }

  function noCors(address) {
    return new Failure(
      'This page stands in a frame without an origin of its own (sandbox without allow-same-origin), and its host does not let such a frame load ' + address + '.',
      [
        'For whoever runs ' + new URL(address).host + ': send the header Access-Control-Allow-Origin: * with all files of this page.',
        'For whoever made the page around the frame: allow-same-origin in the frame\u2019s sandbox attribute helps too.',
        openInTab(),
      ]
    );
  }

  function policy(address) {
    return new Failure(
      'The host of this page forbids ' + address + ' by its Content-Security-Policy (' + forbidden + ').',
      ['For whoever runs this site: the policy has to allow script-src \'self\' \'wasm-unsafe-eval\' and connect-src \'self\'.']
    );
  }

  function noAnswer(address, error) {
    var offline = navigator.onLine === false ? ' The browser says that it is offline.' : '';
    return new Failure('There is no answer from ' + address + ' (' + error.message + ').' + offline, [
      'Check the connection. ' + RELOAD,
      'A content blocker or a school\u2019s filter may stand between; another network or browser tells.',
    ]);
  }

  function status(address, response) {
    return new Failure('A part of the page is missing: ' + address + ' answered ' + response.status + ' ' + response.statusText + '.', [RELOAD, TOGETHER]);
  }

  // Gives a promise of whether a policy forbade something of this kind; the browser tells that a little after the failure.
  function isForbidden(kind) {
    return new Promise(function (resolve) {
      setTimeout(function () { resolve(forbidden !== null && forbidden.indexOf(kind) === 0); }, 100);
    });
  }

  // Why a request failed without an answer; gives a promise of a failure.
  function unreachable(address, error) {
    return isForbidden('connect').then(function (isPolicy) {
      if (isPolicy) return policy(address);
      if (!isOpaque()) return noAnswer(address, error);
      // If a request without CORS gets an answer, only the header is missing.
      return fetch(address, { mode: 'no-cors' }).then(
        function () { return noCors(address); },
        function (without) { return noAnswer(address, without); }
      );
    });
  }

  function rethrow(failure) {
    throw failure;
  }

  // The bytes at an address.
  function bytesOf(file) {
    var address = absolute(file);
    var download = { address: address, at: Date.now(), done: false };
    downloads.push(download);
    return fetch(address).then(
      function (response) {
        if (!response.ok) throw status(address, response);
        if (!response.body) return response.arrayBuffer();
        var reader = response.body.getReader();
        var parts = [];
        return (function next() {
          return reader.read().then(function (piece) {
            download.at = Date.now();
            if (piece.done) return new Blob(parts).arrayBuffer();
            parts.push(piece.value);
            return next();
          });
        })().catch(function (error) {
          throw new Failure('The transfer of ' + address + ' broke off (' + error.message + ').', ['Check the connection. ' + RELOAD]);
        });
      },
      function (error) { return unreachable(address, error).then(rethrow); }
    ).then(function (bytes) {
      download.done = true;
      return bytes;
    });
  }

  // Compiles what came; the type that the host gave it does not matter.
  function compiled(file) {
    return bytesOf(file).then(function (bytes) {
      var head = new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength));
      if (head[0] === 0x3c) {
        throw new Failure('The host sent a web page in place of ' + absolute(file) + '.', [RELOAD, TOGETHER, 'A school\u2019s filter may have answered instead; another network tells.']);
      }
      return WebAssembly.compile(bytes).catch(function (error) {
        throw new Failure('The page\u2019s program ' + absolute(file) + ' is damaged: ' + bytes.byteLength + ' bytes came (' + error.message + ').', [RELOAD, TOGETHER]);
      });
    });
  }

  // Why a script was not run: the element itself does not say.
  function notRun(address) {
    return isForbidden('script').then(function (isPolicy) {
      if (isPolicy) return policy(address);
      return fetch(address).then(
        function (response) {
          if (!response.ok) return status(address, response);
          var type = response.headers.get('content-type') || 'without a type';
          return new Failure('The browser refuses the script ' + address + ', which came as ' + type + '.', [
            'For whoever runs this site: files whose names end in .js have to come as Content-Type: text/javascript. With X-Content-Type-Options: nosniff browsers refuse any other type.',
            RELOAD,
          ]);
        },
        function (error) { return unreachable(address, error); }
      );
    });
  }

  // Runs a classic script.
  function run(file) {
    var address = absolute(file);
    var download = { address: address, at: Date.now(), done: false };
    downloads.push(download);
    return new Promise(function (resolve, reject) {
      var added = document.createElement('script');
      added.src = address;
      added.onload = function () { download.done = true; resolve(); };
      added.onerror = function () { notRun(address).then(reject); };
      document.head.appendChild(added);
    });
  }

  // Browsers draw nothing while a style sheet in the head is loading. One that hangs is moved to the body, where it does not block.
  function dropHangingStyles() {
    Array.prototype.forEach.call(document.querySelectorAll('head link[rel=stylesheet]'), function (link) {
      if (link.sheet) return;
      var again = link.cloneNode();
      document.head.removeChild(link);
      document.body.appendChild(again);
    });
  }

  // Says so while a download hangs, and takes it back when it goes on.
  function watch() {
    var said = false;
    var clock = setInterval(function () {
      var now = Date.now();
      var hanging = downloads.filter(function (d) { return !d.done && now - d.at > PATIENCE; });
      if (failed) return clearInterval(clock);
      if (hanging.length) {
        show('No byte of ' + hanging[0].address + ' has come for ' + Math.round((now - hanging[0].at) / 1000) + ' seconds. The page goes on waiting.', [
          'Check the connection. ' + RELOAD,
          'If it stays like this, the host is overloaded, or something between holds the file back; another network tells.',
        ]);
        phase('waits-to-open');
        said = true;
      } else if (said) {
        said = false;
        phase('opening');
        show('The page opens.', []);
      }
    }, LOOK);
    return function () { clearInterval(clock); };
  }

  // Loads and starts one of the page's programs, `app` or `classifier`. `ready` is called when all of it has come.
  function load(name, ready) {
    var files = JSON.parse(script.getAttribute('data-files'));
    return Promise.all([run(files[name]), compiled(files[name + '_wasm'])]).then(function (both) {
      ready();
      return (name === 'app' ? wasm_bindgen : wasm_bindgen_classifier)({ module_or_path: both[1] });
    });
  }

  // For the page (src/app/classifier.rs): the second program, or an error whose message says what happened and the next step.
  self.fashionLabLoad = function (name) {
    return load(name, function () {}).catch(function (error) {
      if (!(error instanceof Failure)) throw error;
      var steps = error.steps.map(function (step) { return typeof step === 'string' ? step : step.textContent; });
      throw new Error([error.text].concat(steps).join(' '));
    });
  };

  function start() {
    // This script shows messages from here on, so the help text for a page without scripts is removed.
    var help = document.getElementById('opening-help');
    if (help) help.parentNode.removeChild(help);
    setTimeout(dropHangingStyles, PATIENCE);
    if (location.protocol === 'file:') {
      return fail('Fashion Lab cannot run from a file: browsers do not let a page that was opened from the disk load its programs.', [
        'Serve this folder by any web server and open its http address. With Python: python3 -m http.server in this folder, then open http://localhost:8000/.',
        'In the project\u2019s own folder: cargo xtask serve.',
      ]);
    }
    if (typeof WebAssembly !== 'object') {
      return fail('This browser does not run WebAssembly, in which all the training happens.', [
        'iPhone, iPad or Mac in Lockdown Mode: allow this site (in the address bar: page settings, then Website Settings, then Lockdown Mode off), and reload.',
        'A browser that is managed or hardened may have it switched off with the JavaScript optimiser (JIT): allow it for this site, or use another browser.',
        'An old browser: update it. Every browser since 2017 has WebAssembly.',
      ]);
    }
    try {
      // The smallest possible module: only a policy can forbid it.
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    } catch (error) {
      return fail('The host of this page forbids WebAssembly, in which all the training happens, by its Content-Security-Policy (' + error.message + ').', [
        'For whoever runs this site: add \'wasm-unsafe-eval\' to script-src: script-src \'self\' \'wasm-unsafe-eval\'.',
      ]);
    }
    var calm = watch();
    // The classifier alone needs nothing else of the page. An address that asks for the other program opens the page anew.
    function wanted() {
      return /[#&]view=classify(&|$)/.test(location.hash) ? 'classifier' : 'app';
    }
    var first = wanted();
    window.addEventListener('hashchange', function () {
      if (wanted() !== first) location.reload();
    });
    load(first, calm).catch(function (error) {
      calm();
      if (error instanceof Failure) return fail(error.text, error.steps);
      fail('The page\u2019s program failed as it started: ' + (error && error.message || error), [RELOAD, TOGETHER]);
      throw error; // For the console.
    });
  }

  function begin() {
    try {
      start();
    } catch (error) {
      fail('The page\u2019s first script failed: ' + error.message, [RELOAD, TOGETHER]);
      throw error; // For the console.
    }
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', begin);
  } else {
    begin();
  }
})();
