/** Asks what is to become of running jobs when the window is closed: finish, stop, or stay. */

import { callWindow } from "../../api.js";
import { h } from "../../lib/dom.js";
import { count } from "../../lib/say.js";
import { current, isRunning } from "../../jobs.js";
import { openDialog } from "./question.js";

let open = null;
let note = null;

/** Ask, once; Python hears that the question is shown, or would take the page for dead. */
export function askBeforeClosing() {
  answer("heard");
  if (open) return;
  const running = current().filter((each) => isRunning(each));
  const stay = h("button", { type: "button", autofocus: true, onclick: () => open.close() }, "Keep it open");
  const finish = h("button", { type: "button", class: "primary", onclick: () => decide("finish") }, "Close when finished");
  const stop = h("button", { type: "button", class: "danger", onclick: () => decide("stop") }, "Stop and close");
  note?.remove();
  open = openDialog({
    title: running.length > 1 ? `${count(running.length, "job")} still running` : "A job is still running",
    body: [
      h("ul", { role: "list", class: "plain-rows" }, running.map(({ title }) => h("li", {}, h("bdi", {}, title)))),
      h("p", { class: "quiet-text" }, "What is stopped leaves the library as it was before."),
    ],
    foot: [stay, stop, finish],
    onClose: () => {
      open = null;
      if (!note?.isConnected) answer("stay");
    },
  });
  stay.focus();
}

function decide(how) {
  if (how === "finish") waitWithNote();
  else note = null;
  answer(how);
  if (how === "finish") open.close();
}

/** Until the jobs are finished the person may think better of it. */
function waitWithNote() {
  const keep = () => {
    note.remove();
    answer("stay");
  };
  note = h("div", { class: "closing-note", role: "status" },
    h("span", {}, "The app closes when this is finished."),
    h("button", { type: "button", class: "small", onclick: keep }, "Keep it open"));
  document.querySelector("job-tray").prepend(note);
}

function answer(how) {
  callWindow("close window", { answer: how }).catch(() => {});
}
