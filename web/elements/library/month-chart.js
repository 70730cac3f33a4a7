/** Draws how many conversations began in each month, as small bars. */

import { s } from "../../lib/dom.js";
import { count, month } from "../../lib/say.js";

const HEIGHT = 40;
const MOST_BARS = 48;

/** Months from the first to the last, none left out; more than fit are joined into longer steps. */
export function bars(months) {
  const keys = Object.keys(months).sort();
  if (!keys.length) return [];
  const all = [];
  let [year, number] = keys[0].split("-").map(Number);
  const last = keys.at(-1);
  for (let key = keys[0]; key <= last && all.length < 1200; ) {
    all.push({ from: key, to: key, value: months[key] ?? 0 });
    number += 1;
    if (number > 12) [year, number] = [year + 1, 1];
    key = `${String(year).padStart(4, "0")}-${String(number).padStart(2, "0")}`;
  }
  return joined(all, Math.ceil(all.length / MOST_BARS));
}

function joined(all, step) {
  const result = [];
  for (let index = 0; index < all.length; index += step) {
    const some = all.slice(index, index + step);
    result.push({ from: some[0].from, to: some.at(-1).to, value: some.reduce((sum, each) => sum + each.value, 0) });
  }
  return result;
}

/** The chart as one picture with a sentence for those who do not see it. */
export function monthChart(months) {
  const all = bars(months);
  const slots = Math.max(all.length, 24);
  const width = slots * 7;
  const most = Math.max(1, ...all.map((each) => each.value));
  const busiest = all.find((each) => each.value === most);
  const said = busiest ? `Conversations by month; the busiest is ${month(`${busiest.from}-15`)} with ${count(most, "conversation")}.` : "No dated conversations.";
  return s(
    "svg",
    { class: "month-chart", viewBox: `0 0 ${width} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": said },
    all.map(({ from, to, value }, index) => {
      const tall = value ? Math.max(2, Math.round((value / most) * (HEIGHT - 2))) : 1;
      const span = from === to ? month(`${from}-15`) : `${month(`${from}-15`)} – ${month(`${to}-15`)}`;
      return s("rect", { x: index * 7 + 1, y: HEIGHT - tall, width: 5, height: tall, class: value ? null : "none" }, s("title", {}, `${span}: ${count(value, "conversation")}`));
    }),
  );
}
