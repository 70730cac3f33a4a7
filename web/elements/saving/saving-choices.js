/** How saved conversations are named, sorted into folders and linked: the settings, and what each value is called. */

/** @type {{key: string, setting: string, words: string, options: [string, string][]}[]} */
export const SAVING_CHOICES = [
  { key: "naming", setting: "saving.names", words: "File names", options: [["date-title", "Day and title"], ["title", "Title"], ["title-id", "Title and id"]] },
  { key: "layout", setting: "saving.layout", words: "Folders", options: [["flat", "None"], ["by-year", "One a year"], ["by-project", "One a project"]] },
  { key: "links", setting: "saving.links", words: "Media in Markdown", options: [["markdown", "For every program"], ["obsidian", "For Obsidian"]] },
];
