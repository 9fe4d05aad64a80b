/* The page around the chat: follows the chat's language, and shows its explanation where there is
 * room for it. */
'use strict';

document.addEventListener('speaksafe:language', ({ detail }) => {
  if (document.documentElement.lang === detail.lang) return; // as it was served
  document.documentElement.lang = detail.lang;
  document.documentElement.dir = detail.dir;
  for (const node of document.querySelectorAll('[data-say]')) {
    node.textContent = detail.words[node.dataset.say];
  }
});

// After the safe word the page must not tell what it is, either.
document.addEventListener('speaksafe:cover', () => {
  document.querySelector('.about').hidden = true;
  document.querySelector('header').hidden = true;
});

const wide = matchMedia('(min-width: 56rem)');
const about = document.querySelector('.about');
const fit = () => { about.open = wide.matches; };
wide.addEventListener('change', fit);
fit();

// The on-screen keyboard of some phones covers the page instead of shrinking it, and would push
// "Leave quickly" out of sight.
window.visualViewport?.addEventListener('resize', () => {
  document.documentElement.style.setProperty('--seen-height', `${window.visualViewport.height}px`);
  window.scrollTo(0, 0);
});
