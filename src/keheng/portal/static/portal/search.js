// Titles while one types, as a listbox below the search box; without it the box is a plain form.
(function () {
  "use strict";
  document.querySelectorAll("input[data-suggest]").forEach(function (input) {
    var list = document.createElement("ul");
    var asked = "";
    var timer = 0;
    var at = -1;
    list.className = "k-search__list";
    list.id = input.id + "_list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.getAttribute("placeholder") || "");
    list.hidden = true;
    input.form.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function go(text) {
      input.value = text;
      close();
      input.form.submit();
    }

    function show(titles) {
      list.replaceChildren();
      titles.forEach(function (title, place) {
        var row = document.createElement("li");
        row.id = list.id + place;
        row.setAttribute("role", "option");
        row.textContent = title;
        row.addEventListener("mousedown", function (event) {
          event.preventDefault();
          go(title);
        });
        list.appendChild(row);
      });
      at = -1;
      list.hidden = titles.length === 0;
      input.setAttribute("aria-expanded", String(titles.length > 0));
    }

    function mark(step) {
      var rows = list.children;
      if (list.hidden || rows.length === 0) return false;
      at = (at + step + rows.length) % rows.length;
      Array.prototype.forEach.call(rows, function (row, place) {
        row.setAttribute("aria-selected", String(place === at));
      });
      input.setAttribute("aria-activedescendant", rows[at].id);
      return true;
    }

    input.addEventListener("input", function () {
      var text = input.value.trim();
      clearTimeout(timer);
      asked = text;
      if (!text) return close();
      timer = setTimeout(function () {
        fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text))
          .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
          .then(function (told) { if (asked === text) show(told.suggestions); })
          .catch(close);
      }, 150);
    });
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" && mark(1)) event.preventDefault();
      else if (event.key === "ArrowUp" && mark(-1)) event.preventDefault();
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && at >= 0 && !list.hidden) {
        event.preventDefault();
        go(list.children[at].textContent);
      }
    });
    input.addEventListener("blur", close);
  });
})();
