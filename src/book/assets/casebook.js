// A table or picture that fits has nothing to scroll, so the Tab key need not stop there.
for (const box of document.querySelectorAll('.table-wrapper[tabindex], .execution[tabindex], .source[tabindex]')) {
    const inner = box.matches('pre') ? box.firstElementChild : box;
    // What is folded has no width yet.
    if (inner.clientWidth > 0 && inner.scrollWidth <= inner.clientWidth) box.removeAttribute('tabindex');
}
