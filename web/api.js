/** Speaks to the program: the only module that knows an address of it. */

import { recall, remember } from "./lib/memory.js";
import { enter, hear, inWindow, isBridged, throughBridge } from "./window.js";

const UPLOADED = "application/octet-stream";

/** Every operation the page uses, as `app/api.py` has it: method and path below /api. */
const OPERATIONS = {
  "export import": ["POST", "/exports"],
  "export list": ["GET", "/exports"],
  "export show": ["GET", "/exports/<export>"],
  "export check": ["GET", "/exports/<export>/health"],
  "export rename": ["PATCH", "/exports/<export>"],
  "export delete": ["POST", "/exports/delete"],
  "export check many": ["POST", "/exports/check"],
  "export duplicate": ["POST", "/exports/<export>/duplicate"],
  "export merge": ["POST", "/exports/merge"],
  "export compare": ["POST", "/exports/compare"],
  "media list": ["GET", "/gallery"],
  "media missing": ["GET", "/missing-media/<export>"],
  "media fill": ["POST", "/missing-media/<export>/fill"],
  "export reveal": ["POST", "/exports/<export>/reveal"],
  "export follow": ["POST", "/exports/follow"],
  "export save": ["POST", "/exports/save"],
  "search save": ["POST", "/search/save"],
  "deleted list": ["GET", "/deleted"],
  "deleted restore": ["POST", "/deleted/<id>/restore"],
  statistics: ["GET", "/statistics"],
  "conversation list": ["GET", "/conversations/<export>"],
  "conversation show": ["GET", "/conversations/<export>/<id>"],
  "conversation outline": ["GET", "/conversations/<export>/<id>/outline"],
  "conversation save": ["POST", "/conversations/<export>/save"],
  "message show": ["GET", "/conversations/<export>/<id>/messages/<message>"],
  search: ["GET", "/search"],
  "migration list": ["GET", "/migration/sessions"],
  "migration run all": ["POST", "/migration/sessions"],
  "migration history": ["GET", "/migration/history"],
  "migration undo": ["DELETE", "/migration/history/<run>"],
  "backup status": ["GET", "/backups/status"],
  "backup stats": ["GET", "/backups/stats"],
  "backup list": ["GET", "/exports/<export>/backups"],
  "backup create": ["POST", "/exports/<export>/backups"],
  "backup bulk": ["POST", "/backups/bulk"],
  "backup show": ["GET", "/exports/<export>/backups/<id>"],
  "backup browse": ["GET", "/exports/<export>/backups/<id>/files"],
  "backup preview": ["GET", "/exports/<export>/backups/<id>/preview"],
  "backup conversation": ["GET", "/exports/<export>/backups/<id>/conversation"],
  "backup verify": ["POST", "/exports/<export>/backups/<id>/verify"],
  "backup verify all": ["POST", "/backups/verify"],
  "backup verify export": ["POST", "/exports/<export>/backups/verify"],
  "backup restore": ["POST", "/exports/<export>/backups/<id>/restore"],
  "backup settle": ["POST", "/exports/<export>/backups/settle"],
  "backup put back": ["POST", "/exports/<export>/backups/put-back"],
  "backup delete": ["DELETE", "/exports/<export>/backups/<id>"],
  "backup pin": ["POST", "/exports/<export>/backups/<id>/pin"],
  "backup unpin": ["POST", "/exports/<export>/backups/<id>/unpin"],
  "backup cleanup": ["POST", "/exports/<export>/backups/cleanup"],
  "backup unlock": ["POST", "/backups/unlock"],
  "backup lock": ["POST", "/backups/lock"],
  "backup reindex": ["POST", "/backups/reindex"],
  "schedule show": ["GET", "/backups/schedule"],
  "schedule change": ["PATCH", "/backups/schedule"],
  "schedule entry": ["GET", "/backups/schedule/entry"],
  "settings show": ["GET", "/settings"],
  "settings change": ["PATCH", "/settings"],
  health: ["GET", "/health"],
  "job list": ["GET", "/jobs"],
  "job show": ["GET", "/jobs/<job>"],
  "job cancel": ["DELETE", "/jobs/<job>"],
  "offered take": ["DELETE", "/offered"],
};
const POLL_EVERY = 250; // milliseconds
const FINAL = new Set(["done", "failed", "cancelled"]);

/** Where the bytes of a file inside a backup are. */
export function addressInside(exportName, backup, path) {
  return `/api/backups/media/${[exportName, backup, ...path.split("/")].map(encodeURIComponent).join("/")}`;
}

let token = "";

/** A refusal or failure as Python tells it: branch on `code`, show `message` and `hint`. */
export class ApiError extends Error {
  constructor({ code, message, hint = "", details = {} }) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

/** Take the token out of the address, where `/enter` put it, and keep it with this tab. */
export function admit() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get("k")) {
    remember("token", given.get("k"), sessionStorage);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  token = given.get("k") || recall("token", "", sessionStorage);
  enter(given.get("w") === "1");
}

/**
 * Do one operation by name and answer its result: through the bridge in the window, over
 * HTTP in a browser. Both say the same, so that what is only read need not wait for the bridge.
 *
 * @throws {ApiError} what Python refused, or code "offline" when nobody answers
 */
export async function call(name, values = {}, { signal } = {}) {
  const [method, pattern] = OPERATIONS[name];
  const given = method === "GET" ? meant(values) : values;
  if (inWindow() && (isBridged() || method !== "GET")) {
    const answer = await unlessAborted(throughBridge(token, name, given), signal);
    if (answer) return told(answer);
  }
  return overHttp(method, pattern, given, signal);
}

/**
 * Ask the window for something only a window can do: `pick files`, `open outside` …
 *
 * @throws {ApiError} what Python refused, or code "no-window" in a browser
 */
export async function callWindow(name, values = {}) {
  const answer = inWindow() ? await throughBridge(token, name, values) : null;
  if (answer) return told(answer);
  throw new ApiError({ code: "no-window", message: "Only the app’s own window can do this." });
}

/** Yield a job now and at each change until it is final: pushed in the window, else asked for. */
export async function* changes({ id }) {
  const waiting = [];
  let wake = () => {};
  const deaf = hear("job", (job) => {
    if (job.id !== id) return;
    waiting.push(job);
    wake();
  });
  try {
    for (let job = await call("job show", { job: id }); ; job = await next()) {
      yield job;
      if (FINAL.has(job.state)) return;
    }
  } finally {
    deaf();
  }

  async function next() {
    if (inWindow()) {
      if (!waiting.length) await new Promise((resolve) => (wake = resolve));
      return waiting.shift();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY));
    return call("job show", { job: id });
  }
}

async function overHttp(method, pattern, values, signal) {
  const rest = { ...values };
  let address = "/api" + pattern.replace(/<(\w+)>/g, (_, key) => {
    const part = encodeURIComponent(rest[key]);
    delete rest[key];
    return part;
  });
  const request = { method, signal, headers: { "X-Token": token } };
  if (method === "GET" || method === "DELETE") address += query(rest);
  else {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(rest);
  }
  const answer = await reached(fetch(address, request));
  return read(answer.status, await answer.text());
}

/** The text of a file inside a backup. @throws {ApiError} */
export async function readInside(exportName, backup, path) {
  const answer = await reached(fetch(addressInside(exportName, backup, path)));
  const text = await answer.text();
  return answer.ok ? text : read(answer.status, text);
}

/** A window cannot take back a call; who no longer wants the answer does not get it. */
function unlessAborted(answer, signal) {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const stop = () => reject(new DOMException("Stopped.", "AbortError"));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function told({ ok, error }) {
  if (error) throw new ApiError(error);
  return ok;
}

/** The address of a file of an export, as Python names it. */
export function mediaAddress(exportName, path) {
  return `/api/media/${[exportName, ...path.split("/")].map(encodeURIComponent).join("/")}`;
}

/**
 * Send one file and let it wait for its import; answers `{upload, files}`.
 *
 * `filename` is its path within what the person dropped; a later file joins an earlier
 * `upload` by its id. `onSent(bytes)` hears how much has gone.
 */
export function upload(file, { filename, upload = "", onSent = () => {}, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/upload" + query({ filename, upload, hold: true }));
    request.setRequestHeader("X-Token", token);
    request.setRequestHeader("Content-Type", UPLOADED);
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      try {
        resolve(read(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(offline());
    request.onabort = () => reject(new DOMException("Stopped.", "AbortError"));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** The values of a question that say anything: what is empty or false is as good as left out. */
function meant(values) {
  const empty = [undefined, null, "", false];
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !empty.includes(value)));
}

function query(values) {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(meant(values))) pairs.append(key, value === true ? "true" : value);
  const text = pairs.toString();
  return text ? `?${text}` : "";
}

async function reached(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw offline();
  }
}

function read(status, text) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (status >= 200 && status < 300 && body !== null) return body;
  throw new ApiError(body?.error ?? { code: `http-${status}`, message: `The program answered ${status}.`, hint: "Reload the page; if it stays so, start the program again." });
}

/** What is said where nobody answers. */
export function offline() {
  return new ApiError({ code: "offline", message: "The program has stopped.", hint: "Start it again, then open the window or the address it prints." });
}
