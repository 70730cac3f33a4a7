/**
 * Reads what was dropped or picked: files and whole folders, each file with its path within them.
 *
 * In the window a source is not read by the page at all: it has a `place` on this computer, and no `file`.
 *
 * @typedef {{path: string, size: number|null, file?: File, place?: string}} Source
 */

const NOISE = /(^|\/)(\.DS_Store|\._[^/]*|__MACOSX(\/.*)?|Thumbs\.db)$/;

/** Answer the sources of a drop; folders are walked. @param {DataTransfer} transfer */
export async function filesOf(transfer) {
  // The entries must be taken before the first wait: the browser empties the list after it.
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = [];
  for (const entry of entries) {
    if (entry instanceof File) found.push(read(entry, entry.name));
    else if (entry) await walk(entry, found);
  }
  return withoutNoise(found);
}

/** The same for a file picker; a folder picker tells each file's path. @param {FileList} list */
export function picked(list) {
  return withoutNoise([...list].map((file) => read(file, file.webkitRelativePath || file.name)));
}

function read(file, path) {
  return { file, path, size: file.size };
}

async function walk(entry, found) {
  const waiting = [entry];
  while (waiting.length) {
    const each = waiting.pop();
    const path = each.fullPath.replace(/^\//, "");
    if (each.isFile) found.push(read(await new Promise((resolve, reject) => each.file(resolve, reject)), path));
    else waiting.push(...(await children(each)));
  }
}

async function children(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}

function withoutNoise(files) {
  return files.filter(({ path }) => !NOISE.test(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}
