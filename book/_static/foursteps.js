// The theme gives the arrows of its contents no name, and some buttons a name other than their text.
document.addEventListener("DOMContentLoaded", () => {
  for (const arrow of document.querySelectorAll("nav details > summary")) {
    const link = arrow.closest("li")?.querySelector("a");
    arrow.setAttribute("aria-label", `Pages of ${link ? link.textContent.trim() : "this part"}`);
  }
  for (const button of document.querySelectorAll(".search-button-field")) {
    button.removeAttribute("aria-label");
  }
  // What unfolds code is named by its own words, and the button of the colours not by its pictures.
  for (const words of document.querySelectorAll("details.hide > summary")) {
    words.removeAttribute("aria-label");
  }
  for (const picture of document.querySelectorAll(".theme-switch-button .theme-switch")) {
    picture.removeAttribute("title");
    picture.setAttribute("aria-hidden", "true");
  }
  // Sphinx calls a bibliography a list, and its entries no items of one.
  for (const list of document.querySelectorAll(".citation-list[role=list]")) {
    list.removeAttribute("role");
  }
});

// On paper nothing can be unfolded.
addEventListener("beforeprint", () => {
  for (const box of document.querySelectorAll("details")) box.open = true;
});
