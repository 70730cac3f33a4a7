/* Sets the remembered theme before the first paint; a plain script, because modules wait. */
(() => {
  try {
    const theme = JSON.parse(localStorage.getItem("theme"));
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    /* No storage: the system's own theme it is. */
  }
})();
