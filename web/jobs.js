/** Follows running jobs: imports from the first byte sent to the report, migrations, backups. */

import { ApiError, call, changes, upload } from "./api.js";

/** @typedef {{id: string, operation: string, state: string, progress: object, result: object, error: object}} Job */

const STAGES = { starting: "Starting", queued: "Waiting for its turn", sending: "Bringing the file over" };
const FINAL = new Set(["done", "failed", "cancelled"]);

/** Tells `change` when an activity begins, moves or ends; the tray listens. */
export const activities = new EventTarget();
const known = new Map();
const watched = new Set(); // ids of the jobs that are shown already
let numbers = 0;

/**
 * Something going on that a person can watch and stop.
 * @typedef {{key: string, title: string, state: string, stage: string, done: number, total: number|null,
 *   item: string, unit: string, rate: number|null, secondsLeft: number|null, result: object|null,
 *   error: Error|null, controller: AbortController, request: object|null, operation: string}} Activity
 * `request` is what a migration was asked to do; other activities have none. `held` is what was sent to be compared. `operation` is the name
 * in the table of what `run` does, empty for imports and migrations; `again` does it once more.
 */

/** Every activity still shown, oldest first. @returns {Activity[]} */
export function current() {
  return [...known.values()];
}

/** Whether an activity still goes on. */
export function isRunning({ state }) {
  return !FINAL.has(state);
}

/** What an activity is doing, in a word or two. */
export function stageOf({ stage }) {
  return STAGES[stage] ?? stage.charAt(0).toUpperCase() + stage.slice(1);
}

/** Take an ended activity off the list. */
export function dismiss(key) {
  known.delete(key);
  tell(null);
}

/**
 * Follow a job to its end. Aborting `signal` asks Python to stop the job and then keeps
 * following: it is over when Python says so, not when we asked.
 *
 * @param {Job} job
 */
export async function follow(job, { onChange = () => {}, signal } = {}) {
  const stop = () => call("job cancel", { job: job.id }).catch(() => {});
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  onChange(job);
  for await (job of changes(job)) onChange(job);
  if (job.state === "failed") throw new ApiError(job.error);
  return job;
}

/** Import sources together; those the page has to read are sent first. What happens shows in the tray. */
export async function importFiles(files, { name = "", into = "" }) {
  const activity = begin(into ? `Import into ${into}` : `Import ${name || files[0].path.split("/")[0]}`);
  try {
    const sources = await sourcesOf(files, activity);
    const job = await call("export import", { sources, name: name || undefined, into: into || undefined });
    await watch(activity, job);
  } catch (error) {
    end(activity, error);
  }
}

/** Whether files are one source, which can be looked at before it is added. */
export function isOneSource(files) {
  return new Set(files.map(({ path, place }) => place ?? groupOf(path))).size === 1;
}

/** Send files and compare them with an export, before they are added to it; the tray tells, and adds them. */
export async function compareFiles(files, into) {
  const called = files[0].path.split("/")[0];
  const activity = begin(`Compare ${into} with ${called}`, null, "export compare");
  try {
    activity.held = { sources: await sourcesOf(files, activity), into, called };
    await watch(activity, await call("export compare", { a: into, b: activity.held.sources[0] }));
  } catch (error) {
    end(activity, error);
  }
}

/** Add what was sent before to an export. */
export async function addHeld(sources, into) {
  const activity = begin(`Import into ${into}`);
  try {
    await watch(activity, await call("export import", { sources, into }));
  } catch (error) {
    end(activity, error);
  }
}

/** Migrate sessions of the old app, as "migration run all" takes them; what happens shows in the tray. */
export async function migrateSessions(request, title) {
  const activity = begin(`Migrate ${title}`, request);
  try {
    await watch(activity, await call("migration run all", request));
  } catch (error) {
    end(activity, error);
  }
}

/**
 * Do an operation by name; what happens shows in the tray under `title`.
 * Answers its result, or null if it was stopped or failed.
 */
export async function run(operation, values, title) {
  const activity = begin(title, null, operation);
  activity.again = () => run(operation, values, title);
  try {
    await watch(activity, await call(operation, values));
  } catch (error) {
    end(activity, error);
  }
  return activity.state === "done" ? activity.result : null;
}

/** Do an operation by name without the tray, a long one to its end; answers its result. @throws {ApiError} */
export async function ask(operation, values) {
  const answer = await call(operation, values);
  return answer?.operation ? (await follow(answer)).result : answer;
}

/** Show jobs that were already running when the page was opened. */
export async function adoptRunning() {
  for (const job of await call("job list")) {
    if (FINAL.has(job.state) || watched.has(job.id) || job.values?.dryRun || UNSEEN.has(job.operation)) continue;
    const migrates = job.operation.startsWith("migration run");
    const isPlain = !migrates && job.operation !== "export import";
    const activity = begin(migrates ? "Migration" : titleOf(job), migrates ? job.values : null, isPlain ? job.operation : "");
    watch(activity, job).catch((error) => end(activity, error));
  }
}

const UNSEEN = new Set(["export follow", "export compare", "backup preview"]); // done where they were asked for
const TITLES = {
  "export import": "Import", "export delete": "Delete", "export check many": "Check", "export merge": "Merge", "export duplicate": "Duplicate", "export save": "Save",
  "deleted restore": "Bring back", "search save": "Save", "conversation save": "Save", "media fill": "Fill in missing media",
  "migration undo": "Undo a migration",
  "backup create": "Back up", "backup bulk": "Back up exports", "backup verify": "Check backups of", "backup verify export": "Check backups of", "backup restore": "Restore", "backup cleanup": "Clean up backups of",
};

function titleOf({ operation, values }) {
  const title = TITLES[operation] ?? operation;
  const names = values?.names ?? (values?.export ? [values.export] : []);
  return names.length === 1 ? `${title} ${names[0]}` : title;
}

const ARCHIVE = /\.(zip|7z|tar|tgz|gz|bz2|xz|zst)$/i;

/** An archive is a source of its own; loose files and a folder's files belong together. */
function groupOf(path) {
  const [top, ...rest] = path.split("/");
  if (rest.length) return `folder ${top}`;
  return ARCHIVE.test(top) ? `archive ${top}` : "loose files";
}

/** What Python is to read: the places of what the window named, and what the page has to send first. */
async function sourcesOf(files, activity) {
  const places = files.filter(({ place }) => place).map(({ place }) => place);
  return [...places, ...(await send(files.filter(({ file }) => file), activity))];
}

async function send(files, activity) {
  const total = files.reduce((sum, each) => sum + each.file.size, 0);
  const uploads = new Map();
  const began = performance.now();
  let before = 0;
  for (const { file, path } of files) {
    const group = groupOf(path);
    const onSent = (sent) => {
      const done = before + Math.min(sent, file.size);
      const rate = done / Math.max(0.5, (performance.now() - began) / 1000);
      move(activity, { stage: "sending", done, total, item: path, unit: "bytes", rate, secondsLeft: rate ? (total - done) / rate : null });
    };
    onSent(0);
    const answer = await upload(file, { filename: path, upload: uploads.get(group), onSent, signal: activity.controller.signal });
    uploads.set(group, answer.upload);
    before += file.size;
  }
  return [...uploads.values()].map((id) => `upload:${id}`);
}

async function watch(activity, job) {
  watched.add(job.id);
  const onChange = ({ state, progress }) => {
    if (!FINAL.has(state)) move(activity, { state, ...progress });
  };
  const ended = await follow(job, { onChange, signal: activity.controller.signal });
  move(activity, { state: ended.state, result: ended.result });
}

function begin(title, request = null, operation = "") {
  numbers += 1;
  const activity = {
    key: String(numbers), title, state: "running", stage: "starting", done: 0, total: null, item: "",
    unit: "", rate: null, secondsLeft: null, result: null, error: null, controller: new AbortController(), request, operation,
  };
  known.set(activity.key, activity);
  tell(activity);
  return activity;
}

function move(activity, changes) {
  Object.assign(activity, changes);
  tell(activity);
}

function end(activity, error) {
  const stopped = error.name === "AbortError";
  move(activity, { state: stopped ? "cancelled" : "failed", error: stopped ? null : error });
}

function tell(activity) {
  activities.dispatchEvent(new CustomEvent("change", { detail: activity }));
}
