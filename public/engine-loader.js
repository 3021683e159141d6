// Starts the engine worker. The first message brings the compiled module; what comes before the engine is up waits for it.
const query = new URLSearchParams(self.location.search);
const version = '?v=' + encodeURIComponent(query.get('v'));
importScripts((query.has('relaxed') ? 'engine-relaxed.js' : 'engine.js') + version);
const early = [];
self.onmessage = (event) => {
  if (!(event.data && event.data.module)) {
    early.push(event);
    return;
  }
  wasm_bindgen({ module_or_path: event.data.module }).then(
    () => early.forEach((message) => self.onmessage(message)),
    (error) => self.postMessage([JSON.stringify({ type: 'crashed', message: String(error) })]),
  );
};
