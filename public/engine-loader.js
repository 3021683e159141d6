// Starts an engine worker. The first message brings the compiled module. Messages that come before the engine runs are kept for it.
//
// The address of the engine's script is in this worker's own address, or in `engineScript` if the worker was started from a blob. So a
// worker that is started from the same address as this one finds the same engine, however deep it is nested.
const engine = self.engineScript || new URL(decodeURIComponent(self.location.hash.slice(1)), self.location.href).href;
const crashed = (message) => self.postMessage([JSON.stringify({ crashed: { message } })]);
const early = [];
self.onmessage = (event) => {
  if (!(event.data && event.data.module)) {
    early.push(event);
    return;
  }
  try {
    importScripts(engine);
  } catch (error) {
    crashed(`the engine's script ${engine} cannot be loaded (${error.message}); reload the page without its cache`);
    return;
  }
  wasm_bindgen({ module_or_path: event.data.module }).then(
    () => early.forEach((message) => self.onmessage(message)),
    (error) => crashed(String(error)),
  );
};
