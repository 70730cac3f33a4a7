/** Folders made of the paths in a manifest: values only, so that it can be tested alone. */

/**
 * A folder: its own files, the folders in it by name, and what all below it comes to.
 * @typedef {{name: string, path: string, folders: Map<string, Folder>, files: object[], count: number, bytes: number}} Folder
 */

function folder(name, path) {
  return { name, path, folders: new Map(), files: [], count: 0, bytes: 0 };
}

/** Put files and empty folders (`{path, kind, sizeBytes, …}`) into folders. @returns {Folder} */
export function treeOf(files) {
  const root = folder("", "");
  for (const file of files) {
    const isFolder = file.kind === "folder";
    const parts = file.path.split("/");
    const name = isFolder ? "" : parts.pop();
    let at = weighed(root, file);
    for (const part of parts) {
      if (!at.folders.has(part)) at.folders.set(part, folder(part, at.path ? `${at.path}/${part}` : part));
      at = weighed(at.folders.get(part), file);
    }
    if (!isFolder) at.files.push({ ...file, name });
  }
  return root;
}

function weighed(at, { kind, sizeBytes }) {
  if (kind === "folder") return at;
  at.count += 1;
  at.bytes += sizeBytes;
  return at;
}

/** The folder of this path, else the nearest above it that is there. */
export function folderAt(root, path) {
  let at = root;
  for (const part of path.split("/").filter(Boolean)) {
    const next = at.folders.get(part);
    if (!next) return at;
    at = next;
  }
  return at;
}

/** What a folder shows: its folders, then its files, each by name. */
export function rowsOf({ folders, files }) {
  const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });
  return [
    ...[...folders.values()].sort(byName).map((each) => ({ kind: "folder", name: each.name, path: each.path, sizeBytes: each.bytes, count: each.count })),
    ...files.sort(byName).map((each) => ({ ...each, kind: "file" })),
  ];
}

/** The files below a folder whose path holds `words`; a space finds the underscore of a file's name. */
export function matching(root, words) {
  const plain = (text) => text.toLowerCase().replaceAll("_", " ");
  const wanted = plain(words);
  const found = [];
  const look = (at) => {
    for (const file of at.files) if (plain(file.path).includes(wanted)) found.push({ ...file, kind: "file", name: file.path.slice(root.path ? root.path.length + 1 : 0) });
    for (const each of at.folders.values()) look(each);
  };
  look(root);
  return found;
}

/** Whether `path` is chosen, itself or by a folder above it. */
export function isChosen(chosen, path) {
  for (let at = path; at; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "") if (chosen.has(at)) return true;
  return false;
}
