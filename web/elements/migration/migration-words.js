/** Says what a session of the old app holds, and what became or would become of it. */

import { count, number, size } from "../../lib/say.js";

const FORMS = { upload: "the uploaded archive", conversations: "conversations.json", page: "chat.html", files: "its single files", backup: "backups" };
const STATES = { migrated: "migrated", merged: "added to exports that were there", unchanged: "there already", skipped: "left out", failed: "failed" };
const FORETOLD = { migrated: "would be migrated", merged: "would be added to exports that are there", unchanged: "there already", skipped: "would be left out", failed: "would fail" };

/** What an operation takes for a session: where it lies, for copies of it may lie elsewhere. */
export function keyOf({ source, era, id }) {
  return era === "session" ? `${source}/${id}` : `${source}/${era}/${id}`;
}

/** Two names share this if they would be the same folder. */
export function nameKey(name) {
  return name.trim().normalize("NFC").toLowerCase();
}

/** "from chat.html", or, if there are several, "11 from chat.html, 2 from backups" */
export function whence(counts) {
  const forms = Object.keys(counts ?? {});
  if (forms.length === 1) return `from ${FORMS[forms[0]] ?? forms[0]}`;
  return Object.entries(counts ?? {}).map(([form, times]) => `${number(times)} from ${FORMS[form] ?? form}`).join(", ");
}

/** How many conversations `counts` speaks of, whatever held them. */
export function sum(counts) {
  return Object.values(counts ?? {}).reduce((total, each) => total + each, 0);
}

/** What a found session holds, each fact a few words. */
export function holdings({ conversationCount, mediaCount, shareCount, sizeBytes, neededBytes, canMigrate, migratedTo }) {
  const facts = [count(conversationCount, "conversation")];
  if (mediaCount) facts.push(count(mediaCount, "media file"));
  if (shareCount) facts.push(count(shareCount, "shared link"));
  facts.push(size(sizeBytes));
  if (canMigrate && !migratedTo) facts.push(`up to ${size(neededBytes)} of room needed`);
  return facts;
}

/** What came over, or would, each fact a few words. */
export function outcome({ conversations, recovered, recoveredFrom, media, files }) {
  const facts = [count(conversations, "conversation")];
  if (recovered) facts.push(`${number(recovered)} recovered (${whence(recoveredFrom)})`);
  if (media.copied) facts.push(count(media.copied, "media file"));
  if (media.missing) facts.push(`${number(media.missing)} media missing`);
  if (files.copied) facts.push(count(files.copied, "other file"));
  if (media.bytes + files.bytes) facts.push(size(media.bytes + files.bytes));
  return facts;
}

/** A run in one line: "2 sessions migrated, 1 failed."; of a dry run, what would be. */
export function summary({ sessions, dryRun }) {
  if (!sessions.length) return "There was nothing to migrate.";
  const parts = Object.entries(dryRun ? FORETOLD : STATES).flatMap(([status, words]) => {
    const times = sessions.filter((each) => each.status === status).length;
    return times ? [[times, words]] : [];
  });
  return `${parts.map(([times, words], index) => `${index ? number(times) : count(times, "session")} ${words}`).join(", ")}.`;
}

/** Which session a running migration is at, read from what it reports: "2 of 5: id"; else null. */
export function sessionUnderWay({ item, request }) {
  const [, at, total, id] = /^(\d+) of (\d+): (.*)$/s.exec(item) ?? [];
  if (!at) return null;
  return { number: Number(at), total: Number(total), words: `Session ${at} of ${total}: ${request.exportNames?.[at - 1] || id}` };
}
