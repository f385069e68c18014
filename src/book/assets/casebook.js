// A table or picture that fits has nothing to scroll, so the Tab key need not stop there.
for (const box of document.querySelectorAll('.table-wrapper[tabindex], .execution[tabindex], .source[tabindex]')) {
    const inner = box.matches('pre') ? box.firstElementChild : box;
    // What is folded has no width yet.
    if (inner.clientWidth > 0 && inner.scrollWidth <= inner.clientWidth) box.removeAttribute('tabindex');
}

// Whoever types a whole id looks for both halves of it; the index has them as words.
window.elasticlunr?.tokenizer.setSeperator(/[\s\-/]+/);
