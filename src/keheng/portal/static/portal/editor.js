// Puts the editor over the textarea; the textarea keeps the HTML and is what is sent. Without the editor it is used as it is.
(function () {
  "use strict";
  var area = document.querySelector("textarea[data-editor]");
  if (!area || typeof window.Quill !== "function") return;
  var box = document.createElement("div");
  var label = document.querySelector('label[for="' + area.id + '"]');
  area.before(box);
  var editor = new window.Quill(box, {
    theme: "snow",
    formats: ["header", "bold", "italic", "underline", "strike", "list", "link", "blockquote", "script", "table"],
    modules: {
      // Tab leads on, as from every other field; a level of a list is nothing that an article keeps.
      keyboard: { bindings: { tab: null, "remove tab": null, indent: null, outdent: null } },
      toolbar: [[{ header: [2, 3, 4, false] }], ["bold", "italic", "underline"], [{ list: "ordered" }, { list: "bullet" }], ["link", "blockquote"], ["clean"]],
    },
  });
  editor.setContents(editor.clipboard.convert({ html: area.value }), "silent");
  editor.root.style.minHeight = "20rem";
  editor.history.clear();
  editor.root.setAttribute("role", "textbox");
  editor.root.setAttribute("aria-multiline", "true");
  box.parentNode.querySelectorAll(".ql-picker-label").forEach(function (one) { one.setAttribute("aria-label", "段落样式"); });
  if (label) {
    label.id = label.id || area.id + "_label";
    editor.root.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", function () { editor.focus(); });
  }
  name(box.previousElementSibling);
  area.hidden = true;
  area.required = false;
  var keep = function () {
    area.value = editor.getText().trim() || editor.root.querySelector("img") ? editor.getSemanticHTML().replace(/&nbsp;/g, " ") : "";
  };
  editor.on("text-change", function () {
    keep();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  area.form.addEventListener("submit", keep);

  // The editor's tools are named in its own language, or not at all.
  function name(bar) {
    var tools = {
      "button.ql-bold": "加粗", "button.ql-italic": "斜体", "button.ql-underline": "下划线", 'button.ql-list[value="ordered"]': "编号列表",
      'button.ql-list[value="bullet"]': "项目列表", "button.ql-link": "链接", "button.ql-blockquote": "引用", "button.ql-clean": "清除格式",
      ".ql-header .ql-picker-label": "标题级别",
    };
    Object.keys(tools).forEach(function (which) {
      var tool = bar.querySelector(which);
      tool.setAttribute("aria-label", tools[which]);
      tool.title = tools[which];
    });
    bar.querySelectorAll(".ql-header .ql-picker-item").forEach(function (item) {
      var level = item.getAttribute("data-value");
      item.setAttribute("data-label", level ? level + " 级标题" : "正文");
    });
    bar.querySelector(".ql-header .ql-picker-label").setAttribute("data-label", "正文");
  }
})();
