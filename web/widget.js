/* Speaksafe: the chat window, on any page, with one script tag.
 *
 *   <script src="https://HOST/widget.js" defer></script>
 *
 * Attributes: data-lang (a language code), data-target (where in the page to stand, as a CSS
 * selector; without it a button opens a window in the corner), data-open (open that window at
 * once), data-exit (the page that "Leave quickly" goes to).
 *
 * What this file must never do: set a cookie, use any storage, put anything into the address,
 * talk to another host, or turn a text into markup. All it knows lives in variables and is gone
 * when the page is left or reloaded.
 *
 * Where the service asks for a person's own account, what is typed is not sent: it is held here
 * (web/held/held.js) and sealed here before it leaves the page.
 */
(() => {
  'use strict';

  // Filled in when the file is served: the words of English and the style, for another page. Our own
  // page brings the words of its language itself and loads the style beside; others are fetched.
  const WORDS = /*SPEAKSAFE_WORDS*/{};
  const STYLE = /*SPEAKSAFE_STYLE*/"";

  const RIGHT_TO_LEFT = new Set(['ar']);

  // The World Weather Information Service: plausible on any screen, reachable everywhere.
  const EXIT_PAGE = 'https://worldweather.wmo.int/';

  // Offered beside a question, never as its answer: shown small and without a number.
  const ASIDES = new Set(['do:back', 'do:skip', 'do:why', 'do:pause', 'do:stop', 'do:source']);

  const OPENING = 'menu:start';

  const SLOW_AFTER = 8_000; // milliseconds
  const GIVE_UP_AFTER = 60_000;
  const STYLE_AGAIN_AFTER = 3_000;
  const TRIED_AT_ONCE = 256; // numbers, while a challenge is solved
  const ESCAPE_TWICE_WITHIN = 3_000; // frightened hands are not always fast

  const RECEIPT = /^(?:\d{4}[ \u00a0-]?){6}$/;

  const ICONS = {
    chat: 'M12 3C6.5 3 2 6.7 2 11.2c0 2.500 1.400 4.700 3.500 6.200L4.600 21l4.200-2c1 .3 2.100.4 3.200.4 5.500 0 10-3.700 10-8.200S17.500 3 12 3z',
    leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
    minimise: 'M6 9l6 6 6-6',
    send: 'M12 19V5M6 11l6-6 6 6',
    lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  };

  const SVG = 'http://www.w3.org/2000/svg';

  /** Gives an element what it needs. */
  function adorn(node, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, '');
      else if (value !== false && value !== null) node.setAttribute(name, value);
    }
    return node;
  }

  /** Makes an element. Text reaches the page only as text nodes: nothing here can become markup. */
  function make(tag, attributes = {}, ...children) {
    const node = adorn(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  }

  function icon(name) {
    const svg = document.createElementNS(SVG, 'svg');
    const path = document.createElementNS(SVG, 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', `icon icon-${name}`);
    path.setAttribute('d', ICONS[name]);
    svg.append(path);
    return svg;
  }

  function pause(milliseconds) {
    return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
  }

  function randomKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)),
      (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** Letters and digits only, as the service compares what is typed with what stands on a button. */
  function bare(text) {
    return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  }

  /** What messages say, to tell whether others say the same. */
  function saying(messages) {
    return JSON.stringify(messages.map(({ text, choices = [] }) => (
      [text, choices.map(({ label, value }) => [label, value])])));
  }

  /** The languages there are, by their codes: each knows the names of all. */
  function languages() {
    return Object.values(WORDS)[0].languages;
  }

  /** Whether this browser can seal: X25519 in WebCrypto, which also needs a secure connection. */
  async function canSeal() {
    try {
      await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
      return true;
    } catch {
      return false;
    }
  }

  // ------------------------------------------------------------------------------- the server

  /** Why a message was not answered. `kind`: lost, busy, long, expired or trouble. */
  class Fault extends Error {
    constructor(kind) {
      super(kind);
      this.kind = kind;
    }

    static of(status) {
      if (status === 401) return new Fault('expired');
      if (status === 413) return new Fault('long');
      if (status === 429 || status === 503) return new Fault('busy');
      return new Fault('trouble');
    }
  }

  /**
   * The number that a challenge asks for (ALTCHA). The browser hashes beside the page, so typing
   * and leaving go on meanwhile.
   */
  async function solved({ algorithm, challenge, maxnumber, salt, signature }) {
    if (!globalThis.crypto?.subtle || algorithm !== 'SHA-256') throw new Fault('busy');
    const encoder = new TextEncoder();
    const hex = (hash) => Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0'))
      .join('');
    for (let from = 0; from <= maxnumber; from += TRIED_AT_ONCE) {
      const tries = Array.from({ length: TRIED_AT_ONCE }, (_, at) => (
        crypto.subtle.digest(algorithm, encoder.encode(salt + (from + at)))));
      const at = (await Promise.all(tries)).findIndex((hash) => hex(hash) === challenge);
      if (at >= 0) {
        return btoa(JSON.stringify({ algorithm, challenge, number: from + at, salt, signature }));
      }
    }
    throw new Fault('busy');
  }

  /** Does what may hang on a dead connection, for a while at most. */
  async function timely(work) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), GIVE_UP_AFTER);
    try {
      return await work(stop.signal);
    } catch (error) {
      throw error instanceof Fault ? error : new Fault('lost');
    } finally {
      clearTimeout(timer);
    }
  }

  /** Talks to the one host this script came from. The session is known only here. */
  class Server {
    #base;
    #session = null;
    #missed = 0; // modules that did not come

    constructor(base) {
      this.#base = base;
    }

    /**
     * Begins a chat; in a flood of them it costs some work, of which `working` is told. With
     * `opening` the first words come along, if they can: a slow connection is gone over once.
     */
    async begin(lang, opening, working) {
      const body = { lang, seals: await canSeal(), opening };
      let proof = {};
      for (let left = 2; ; left -= 1) {
        try {
          const { answer, lang: told } = await this.#post('chat/sessions', body, proof);
          this.#session = answer.session;
          return answer.opening ? { answer: answer.opening, lang: told } : null;
        } catch (fault) {
          if (!fault.challenge || !left) throw fault;
          working();
          proof = { 'Proof-Of-Work': await solved(fault.challenge) };
        }
      }
    }

    /** What holds and seals texts here; loaded when it is needed. */
    async holder() {
      const { Holder } = await this.#module('held.js');
      return new Holder((lang) => this.#fetched(`chat/words/${lang}.json`));
    }

    /** What holds and seals files here; loaded when some can be added. */
    async files() {
      const { Files } = await this.#module('attach.js');
      return new Files((part) => this.#post('chat/files', part));
    }

    /** The words of a language: here already, or fetched. */
    async learn(lang) {
      WORDS[lang] ??= await this.#fetched(`chat/strings/${lang}.json`);
    }

    /** Some browsers remember that a module did not come: then it is asked for by another address. */
    #module(name) {
      const again = this.#missed ? `?${this.#missed}` : '';
      const { href } = new URL(`chat/${name}${again}`, this.#base);
      return timely((signal) => Promise.race([
        import(href), new Promise((_, never) => { signal.onabort = never; }),
      ])).catch((fault) => {
        this.#missed += 1;
        throw fault;
      });
    }

    #fetched(path) {
      return timely(async (signal) => {
        const response = await fetch(new URL(path, this.#base),
          { credentials: 'omit', referrerPolicy: 'no-referrer', signal });
        if (!response.ok) throw new Fault('lost');
        return response.json();
      });
    }

    /** Sends {text} or {choice}. The same key twice means the same message, tried again. */
    say(body, key) {
      return this.#post('chat/messages', body, { 'Idempotency-Key': key });
    }

    get open() {
      return this.#session !== null;
    }

    forget() {
      this.#session = null;
    }

    /** Tells the server to delete the conversation, without waiting: the page is going away. */
    leave() {
      if (!this.#session) return;
      const request = this.#request({ choice: 'gate:exit' }, {});
      this.#session = null;
      fetch(new URL('chat/messages', this.#base), { ...request, keepalive: true }).catch(() => {});
    }

    #request(body, headers) {
      const raw = body instanceof Uint8Array;
      const type = raw ? 'application/octet-stream' : 'application/json';
      const sent = { 'Content-Type': type, ...headers };
      if (this.#session) sent.Authorization = `Bearer ${this.#session}`;
      return {
        method: 'POST',
        headers: sent,
        body: raw ? body : JSON.stringify(body),
        mode: 'cors',
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      };
    }

    #post(path, body, headers = {}) {
      return timely(async (signal) => {
        const response = await fetch(new URL(path, this.#base),
          { ...this.#request(body, headers), signal });
        if (!response.ok) {
          const fault = Fault.of(response.status);
          fault.challenge = (await response.json().catch(() => null))?.challenge;
          throw fault;
        }
        if (response.status === 204) return null;
        return { answer: await response.json(), lang: response.headers.get('Content-Language') };
      });
    }
  }

  // --------------------------------------------------------------------------------- the view

  /** Everything that is seen. Knows no rules: it shows what it is told and calls `on`. */
  class View {
    #words;
    #served; // the root that the page was served with, or null
    #spoken = []; // [node, attribute or null, key]: what changes with the language
    #beside = []; // a second line of the status
    #atEnd = false;

    /**
     * @param on what is called
     * @param inline it stands in the page, not in a corner
     * @param host the element that the page was served with, if it was
     * @param style the address of the style sheet
     */
    constructor(on, inline, host, style) {
      this.on = on;
      this.host = host ?? make('speaksafe-chat');
      this.host.removeAttribute('data-served');
      this.#served = this.host.shadowRoot;
      const root = this.#served ?? this.host.attachShadow({ mode: 'open' });
      this.#dress(root, style);
      this.frame = this.#part('.frame', 'section', {
        class: inline ? 'frame inline' : 'frame corner', role: inline ? 'region' : 'dialog',
        hidden: !inline,
      }, this.#header(inline), this.#middle(), this.#foot());
      this.#say(this.frame, 'name', 'aria-label');
      if (!this.#served) root.append(this.frame);
      if (!inline) root.append(this.#launcher());
      this.#followSize();
    }

    /** Whether the page was served with the window in it. */
    get served() {
      return this.#served !== null;
    }

    /** Another page's policy governs style sheets that are loaded, and none that is made here. */
    #dress(root, style) {
      if (STYLE) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        root.adoptedStyleSheets = [sheet];
      } else if (!root.querySelector('link')?.sheet) { // an old browser, or it did not come
        root.querySelector('link')?.remove();
        root.prepend(make('link', {
          rel: 'stylesheet', href: style,
          onerror: () => setTimeout(() => this.#dress(root, style), STYLE_AGAIN_AFTER),
        }));
      }
    }

    /** A part of the window: the one that the page was served with, or a new one. */
    #part(selector, tag, attributes = {}, ...children) {
      const there = this.#served?.querySelector(selector);
      return there ? adorn(there, attributes) : make(tag, attributes, ...children);
    }

    /** Binds a text, or an attribute, to a key of the catalogue. */
    #say(node, key, attribute = null) {
      this.#spoken.push([node, attribute, key]);
      return node;
    }

    word(key) {
      return this.#words[key];
    }

    /** The language of the window. */
    get lang() {
      return this.frame.lang;
    }

    speak(lang) {
      this.#words = WORDS[lang];
      this.frame.lang = lang;
      this.frame.dir = RIGHT_TO_LEFT.has(lang) ? 'rtl' : 'ltr';
      this.languages.value = lang;
      for (const [node, attribute, key] of this.#spoken) {
        if (attribute) node.setAttribute(attribute, this.word(key));
        else node.textContent = this.word(key);
      }
    }

    #launcher() {
      this.launcher = make('button', {
        type: 'button', class: 'launcher', 'aria-expanded': 'false',
        onclick: () => this.on.open(),
      }, icon('chat'), this.#say(make('span'), 'open'));
      return this.launcher;
    }

    #header(inline) {
      const names = Object.entries(languages());
      this.languages = this.#part('select', 'select', {
        onchange: () => this.on.language(this.languages.value), autocomplete: 'off',
      }, ...names.map(([code, name]) => make('option', { value: code, lang: code }, name)));
      this.#say(this.languages, 'language', 'aria-label');
      const leave = make('button', {
        type: 'button', class: 'leave', onclick: () => this.on.leave(),
      }, icon('leave'), this.#say(make('span'), 'leave'));
      this.#instead(leave);
      const header = this.#part('header', 'header', {},
        make('div', { class: 'mark' }, icon('chat')),
        this.#part('.who', 'div', { class: 'who' },
          this.#say(this.#part('h2', 'h2'), 'name'), this.#say(this.#part('.who p', 'p'), 'kind')),
        this.languages, leave);
      if (!inline) {
        const close = make('button', {
          type: 'button', class: 'minimise', onclick: () => this.on.minimise(),
        }, icon('minimise'));
        header.append(this.#say(close, 'minimise', 'aria-label'));
      }
      return header;
    }

    /** Until now it was a link, which needs no script. */
    #instead(leave) {
      const link = this.#served?.querySelector('a.leave');
      const hadFocus = link && this.#served.activeElement === link;
      link?.replaceWith(leave);
      if (hadFocus) leave.focus();
    }

    #middle() {
      // Translation services would be sent what stands here, so browsers are asked not to.
      this.log = this.#part('.log', 'div', {
        class: 'log', role: 'log', 'aria-live': 'polite', tabindex: '0', translate: 'no',
        onscroll: () => {
          const { scrollTop, scrollHeight, clientHeight } = this.log;
          this.#atEnd = scrollHeight - scrollTop - clientHeight < 8;
        },
      });
      this.dots = this.#part('.dots', 'div', { class: 'dots', 'aria-hidden': 'true' },
        make('i'), make('i'), make('i'));
      return this.#say(this.log, 'conversation', 'aria-label');
    }

    #foot() {
      this.#served?.querySelector('.late').remove();
      this.status = this.#part('.status', 'div', { class: 'status', role: 'status' });
      // Cloud spelling and writing aids would be sent what is typed here, so they are turned off.
      this.box = this.#part('textarea', 'textarea', {
        id: 'box', rows: '1', autocomplete: 'off', spellcheck: 'false',
        enterkeyhint: 'send', translate: 'no', 'aria-describedby': 'hint',
        'data-gramm': 'false', 'data-enable-grammarly': 'false',
        oninput: () => this.grow(),
        onkeydown: (event) => {
          // While an input method composes a word (Chinese, Japanese…), Enter belongs to it.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          this.on.typed();
        },
      });
      this.#say(this.box, 'box_empty', 'placeholder');
      this.sender = this.#part('.send', 'button', { type: 'submit', class: 'send' }, icon('send'));
      this.form = this.#part('form', 'form', {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.on.typed();
        },
      },
      this.#say(this.#part('label', 'label', { for: 'box', class: 'unseen' }), 'box'),
      this.box, this.#say(this.sender, 'send', 'aria-label'));
      this.promise = this.#part('.promise', 'p', { class: 'promise', hidden: true }, icon('lock'),
        this.#say(this.#part('.promise span', 'span'), 'held.hint'));
      return this.#part('footer', 'footer', {}, this.status, this.promise, this.form,
        this.#say(this.#part('.hint', 'p', { id: 'hint', class: 'hint' }), 'leave_hint'));
    }

    /** Keeps the end in sight when the on-screen keyboard or a longer text takes room away. */
    #followSize() {
      new ResizeObserver(() => {
        if (this.#atEnd) this.log.scrollTop = this.log.scrollHeight;
      }).observe(this.log);
      // On phones the keyboard covers fixed windows; "Leave quickly" must stay in sight.
      window.visualViewport?.addEventListener('resize', () => {
        const { height, offsetTop } = window.visualViewport;
        this.host.style.setProperty('--seen-height', `${height}px`);
        this.host.style.setProperty('--seen-top', `${offsetTop}px`);
      });
    }

    /** Lets the box grow with its text, up to the limit in the style sheet. */
    grow() {
      // An empty box follows the window, so that its hint stands on the right side.
      if (this.box.value) this.box.dir = 'auto';
      else this.box.removeAttribute('dir');
      this.box.style.height = 'auto';
      this.box.style.height = `${this.box.scrollHeight + 2}px`;
    }

    write(text) {
      this.box.value = text;
      this.grow();
    }

    show(open) {
      this.frame.hidden = !open;
      this.launcher.hidden = open;
      this.launcher.setAttribute('aria-expanded', String(open));
      if (!open) this.launcher.focus();
      else if (matchMedia('(pointer: fine)').matches) this.box.focus();
      else this.log.focus(); // no keyboard over the first words
    }

    // -- the conversation

    clear() {
      this.log.replaceChildren();
      this.log.append(make('p', { class: 'fresh', dir: 'auto' }, this.word('fresh')));
      this.#atEnd = false;
      this.notice('');
    }

    /** The first words, before the service has said them: nothing can be pressed yet. */
    early(messages) {
      this.clear();
      for (const one of messages) this.message(one, this.lang);
      this.lock();
    }

    /** What was shown early is what is said: now it can be answered. */
    wake(messages) {
      const choices = messages.flatMap((one) => one.choices ?? []);
      this.log.querySelectorAll('.choices button').forEach((button, at) => {
        button.disabled = false;
        button.onclick = () => this.on.chosen(choices[at]);
      });
    }

    /** After the safe word: nothing of what was said, nor what this is, stays in sight. */
    cover() {
      this.log.replaceChildren();
      document.title = '';
      document.dispatchEvent(new CustomEvent('speaksafe:cover'));
    }

    own(text, held = false) {
      const bubble = this.#bubble('own', 'you', text);
      if (held) {
        bubble.append(make('small', { class: 'promise' }, icon('lock'), this.word('held.bubble')));
      }
      this.log.append(bubble);
      return bubble;
    }

    /** Adds one message of the assistant and returns it. */
    message({ text, choices = [] }, lang) {
      const bubble = this.#bubble('theirs', 'assistant', text);
      if (lang) bubble.lang = lang;
      this.log.append(bubble);
      if (choices.length) this.log.append(this.#choices(choices, lang));
      return bubble;
    }

    #bubble(side, speaker, text) {
      const words = make('p', { dir: 'auto' });
      for (const [number, line] of text.split('\n').entries()) {
        if (number) words.append('\n');
        // Read off a screen and copied by hand: large, in even digits, in reading order.
        if (RECEIPT.test(line)) words.append(this.#receipt(line));
        else words.append(line);
      }
      return make('div', { class: `bubble ${side}` },
        make('span', { class: 'unseen' }, `${this.word(speaker)} `), words);
    }

    /** A receipt in two halves of three groups, so that a narrow window breaks it in the middle. */
    #receipt(line) {
      const groups = line.match(/\d{4}/g);
      const half = (from) => make('span', {}, groups.slice(from, from + 3).join(' '));
      return make('span', { class: 'receipt', dir: 'ltr' }, half(0), ' ', half(3));
    }

    #choices(choices, lang) {
      const numbered = choices.filter(({ value }) => !ASIDES.has(value)).length > 1;
      const answers = make('div', { class: 'answers' });
      const asides = make('div', { class: 'asides' });
      choices.forEach(({ label, value }, index) => {
        const aside = ASIDES.has(value);
        const button = make('button', { type: 'button' });
        button.onclick = () => this.on.chosen({ label, value });
        if (lang) button.lang = lang;
        if (numbered && !aside) button.append(make('span', { class: 'number' }, `${index + 1}.`), ' ');
        button.append(make('span', { dir: 'auto' }, label));
        (aside ? asides : answers).append(button);
      });
      return make('div', { class: 'choices' },
        ...[answers, asides].filter((group) => group.childElementCount));
    }

    /** Takes back the choices that are still open, and returns what brings them back. */
    lock() {
      const open = [...this.log.querySelectorAll('.choices button:enabled')];
      const groups = [...this.log.querySelectorAll('.asides:not([hidden])')];
      const hadFocus = open.includes(this.host.shadowRoot.activeElement);
      open.forEach((button) => { button.disabled = true; });
      groups.forEach((group) => { group.hidden = true; });
      // From here the next Tab reaches the first of the new choices.
      if (hadFocus) this.log.focus({ preventScroll: true });
      return () => {
        open.forEach((button) => { button.disabled = false; });
        groups.forEach((group) => { group.hidden = false; });
      };
    }

    /** Whether what is typed now stays here. */
    holding(on) {
      this.promise.hidden = !on;
    }

    waiting(on) {
      if (on) this.log.append(this.dots);
      else this.dots.remove();
    }

    /** A calm line above the box, with a way on if there is one. */
    notice(key, action = '', press = null) {
      const says = key ? [make('p', {}, this.word(key))] : [];
      if (action) {
        says.push(make('button', { type: 'button', onclick: press }, this.word(action)));
      }
      this.status.replaceChildren(...says, ...this.#beside);
    }

    /** One more line there, which takes the place of none; without a key it goes. */
    beside(key, action, press) {
      for (const node of this.#beside.splice(0)) node.remove();
      if (!key) return;
      this.#beside = [make('p', {}, this.word(key)),
        make('button', { type: 'button', onclick: press }, this.word(action))];
      this.status.append(...this.#beside);
    }

    /** What goes on, while it takes long. */
    progress(text) {
      this.status.replaceChildren(make('p', {}, text), ...this.#beside);
    }

    toEnd() {
      this.log.scrollTop = this.log.scrollHeight;
    }

    /** Scrolls so that an answer longer than the window is read from its beginning. */
    reveal(own, first) {
      if (!first.previousElementSibling || first.previousElementSibling.matches('.fresh')) return; // the opening: from the top
      const short = own && own.offsetHeight < this.log.clientHeight * 0.4;
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.log.scrollTo({
        top: (short ? own : first).offsetTop - 12, behavior: calm ? 'instant' : 'smooth',
      });
    }
  }

  // --------------------------------------------------------------------------------- the chat

  /** The rules: what is sent when, and what happens when it fails. */
  class Chat {
    #server;
    #view;
    #exit;
    #inline;
    #lang; // the language she wants
    #wish; // another one, whose words did not come
    #early = null; // the opening, shown before the service has said it
    #eager = false; // she has sent something already: it goes when the chat has begun
    #told = null; // the language the server answers in, as far as we know
    #live = false; // the opening was read and the chat has not ended
    #busy = false; // an answer is awaited
    #failed = null; // {body, key} that got no answer
    #era = 0; // grows when everything is forgotten; answers to an earlier one are dropped
    #escaped = -Infinity; // when Escape was last pressed
    #asked = {}; // the last message of the service: what an answer is an answer to
    #loading = null; // a promise of what holds her texts
    #held = null; // what holds them, once it is there
    #files = null; // a promise of what holds her files
    #attached = null; // what holds them, once it is there
    #sending = ''; // the words for files on their way
    #danger = null; // what she was consoled about last

    constructor({ server, style, lang, wish, exit, target, host }) {
      this.#server = server;
      this.#exit = exit;
      this.#wish = wish;
      this.#inline = Boolean(target);
      this.#view = new View({
        open: () => this.open(),
        minimise: () => this.#view.show(false),
        language: (code) => this.#switch(code),
        leave: () => this.leave(),
        typed: () => this.#typed(),
        chosen: ({ label, value }) => this.#chosen(value, label),
      }, this.#inline, host, style);
      this.#lang = lang;
      this.#show();
      if (!host) (target ?? document.body).append(this.#view.host);
      document.addEventListener('keydown', (event) => this.#escape(event), true);
      window.addEventListener('pagehide', () => this.#forget());
      window.addEventListener('pageshow', (event) => this.#returned(event));
      if (this.#inline) this.#start(this.#view.served);
    }

    get #shown() {
      return !this.#view.frame.hidden;
    }

    open() {
      this.#view.show(true);
      if (!this.#view.log.childElementCount) this.#start();
    }

    /** @param there the opening is in the page already */
    #start(there = false) {
      this.#early = WORDS[this.#view.lang].opening ?? null;
      if (!there) {
        this.#forget();
        this.#view.early(this.#early ?? []);
      }
      this.#send({ choice: OPENING });
      if (this.#wish !== this.#lang) this.#switch(this.#wish);
    }

    #typed() {
      const text = this.#view.box.value.trim();
      this.#eager = Boolean(text && this.#early && this.#busy);
      if (!text || !this.#live || this.#busy) return;
      this.#view.write('');
      const { choices = [], held, seal, attach } = this.#asked;
      const said = bare(text);
      const named = (held || seal || attach) && choices.find(({ label }, at) => (
        bare(label) === said || (!held && said === String(at + 1))));
      if (named) this.#chosen(named.value, text);
      else if (held) this.#hold(text);
      else this.#send({ text }, text);
    }

    /** A choice that agrees to send what is held here takes the envelope with it. */
    async #chosen(value, label) {
      const { seal, attach } = this.#asked;
      const body = { choice: value };
      if (attach && value === 'files:none' && this.#attached) body.choice = this.#attached.choice;
      if (seal && value === 'do:yes') {
        if (this.#busy) return;
        const era = this.#era;
        this.#wait(true);
        try {
          // Sealed once: the same envelope again is the same message, tried again.
          seal.envelope ??= await this.#sealed(seal);
        } catch (fault) {
          if (era !== this.#era) return;
          this.#wait(false);
          if (fault.kind === 'expired') this.#ended('expired');
          else {
            this.#view.notice(`fault.${fault.kind ?? 'trouble'}`, 'retry',
              () => this.#chosen(value, label));
          }
          return;
        }
        if (era !== this.#era) return;
        this.#wait(false);
        body.envelope = seal.envelope;
      }
      this.#send(body, label);
    }

    /** The envelope; files are brought first, and their keys are sealed with the words. */
    async #sealed({ files = [], clean = false, document: report, ...seal }) {
      const progress = (done, all) => this.#view.progress(`${this.#sending} ${done}/${all}`);
      const brought = files.length
        ? await this.#attached.seal(files, seal.binding, progress, clean) : [];
      const attachments = [...(report.attachments ?? []), ...brought];
      const document = attachments.length ? { ...report, attachments } : report;
      return this.#held.seal({ ...seal, document });
    }

    /** Files can be added under a message of the service. */
    async #attach(bubble, attach) {
      const era = this.#era;
      this.#files ??= this.#server.files();
      try {
        const files = await this.#files;
        if (era !== this.#era || this.#asked.attach !== attach) return;
        this.#attached = files;
        this.#sending = attach.words.sending;
        bubble.after(files.panel(attach, this.#lang));
        this.#view.toEnd();
      } catch (fault) {
        this.#files = null;
        if (era === this.#era) {
          this.#view.notice(`fault.${fault.kind ?? 'trouble'}`, 'retry', () => {
            this.#view.notice('');
            this.#attach(bubble, attach);
          });
        }
      }
    }

    /** What holds her texts, ready for the language of the chat. */
    async #ready() {
      const era = this.#era;
      const lang = this.#lang;
      this.#loading ??= this.#server.holder();
      try {
        const holder = await this.#loading;
        if (era === this.#era) this.#held = holder;
        const others = Object.keys(languages()).filter((code) => code !== lang);
        if (!holder.knows(lang)) {
          await new Promise((resolve, reject) => {
            holder.prepare(lang, others, resolve).catch(reject);
          });
        }
        return holder;
      } catch (fault) {
        if (!this.#held) this.#loading = null;
        throw fault;
      }
    }

    /** Her own account: it stays here, and the service learns only that there is one more text. */
    async #hold(text) {
      const era = this.#era;
      const { free, held } = this.#asked;
      let holder;
      this.#wait(true);
      try {
        holder = await this.#ready();
      } catch (fault) {
        if (era === this.#era) this.#unanswered(fault, { text }, randomKey(), text);
        return;
      } finally {
        if (era === this.#era) this.#wait(false);
      }
      if (era !== this.#era) return;
      const numbered = !free && /^\p{Nd}{1,2}$/u.test(text);
      if (numbered || holder.commands(text)) {
        this.#send({ text }, text);
        return;
      }
      const number = text.length > held ? null : holder.keep(text);
      if (number === null) {
        this.#unanswered(new Fault('long'), { text }, randomKey(), text);
        return;
      }
      this.#send({ choice: `held:${number}` }, text, holder);
    }

    /** Sends one message and shows the answer.
     *
     * @param body what is sent
     * @param shown how it stands in the conversation
     * @param holder holds what is shown, which is then not in the body
     */
    async #send(body, shown = '', holder = null) {
      if (this.#busy) return;
      const era = this.#era;
      const view = this.#view;
      const again = this.#failed && JSON.stringify(this.#failed.body) === JSON.stringify(body);
      const key = again ? this.#failed.key : randomKey();
      const unlock = view.lock();
      const bubble = shown ? view.own(shown, Boolean(holder)) : null;
      const comfort = holder ? this.#comfort(holder, shown) : [];
      const slow = setTimeout(() => era === this.#era && view.notice('slow'), SLOW_AFTER);
      this.#wait(true);
      view.notice('');
      if (shown) view.toEnd();
      try {
        let heard = null;
        if (!this.#server.open) {
          this.#told = this.#lang;
          heard = await this.#server.begin(this.#told, body.choice === OPENING, () => {
            if (era === this.#era) view.notice('working');
          });
          if (era !== this.#era) return;
          view.notice('');
        }
        heard ??= await this.#server.say(body, key);
        if (era !== this.#era) return;
        this.#failed = null;
        this.#held?.settle();
        this.#wait(false);
        this.#hear(heard, comfort[0] ?? bubble);
      } catch (fault) {
        if (era !== this.#era) return;
        this.#wait(false);
        bubble?.remove();
        unlock();
        this.#unanswered(fault, body, key, shown, holder);
      } finally {
        clearTimeout(slow);
      }
    }

    /** Danger in what stays here: what to do now is said at once, and by nobody but this page. */
    #comfort(holder, text) {
      const found = holder.comfort(text, this.#lang);
      const again = found !== null && found.kind === this.#danger;
      this.#danger = found?.kind ?? null;
      if (!found) return [];
      const texts = again ? [found.again, ...found.texts.slice(1)] : found.texts;
      return texts.map((said) => this.#view.message({ text: said }, this.#lang));
    }

    #wait(on) {
      this.#busy = on;
      this.#view.waiting(on);
      this.#allow();
    }

    #allow() {
      this.#view.sender.disabled = this.#busy || !this.#live;
    }

    #hear({ answer, lang }, own) {
      let bubble = own;
      const view = this.#view;
      const code = lang?.split('-')[0];
      if (languages()[code] && code !== this.#lang && this.#told === this.#lang) {
        this.#told = code; // the person asked for it in her own words
        this.#switch(code);
      }
      view.notice('');
      if (answer.cleared) {
        view.cover();
        bubble = null;
        this.#asked = {};
      }
      this.#note(answer.messages.at(-1));
      if (this.#early && this.#confirm(answer)) return;
      const shown = answer.messages.map((message) => (
        view.message({ ...message, text: this.#held?.fill(message.text) ?? message.text }, code)));
      if (shown.length) view.reveal(bubble, shown[0]);
      if (this.#asked.attach) this.#attach(shown.at(-1), this.#asked.attach);
      this.#live = !answer.ended;
      this.#allow();
      if (answer.ended) this.#ended('finished');
      else if (this.#told !== this.#lang) this.#switch(this.#lang);
    }

    /** Whether the opening that is shown is what was said; if not, it makes way for what was. */
    #confirm({ messages, ended }) {
      const same = !ended && saying(messages) === saying(this.#early);
      this.#early = null;
      if (!same) {
        this.#view.clear();
        return false;
      }
      this.#view.wake(messages);
      this.#live = true;
      this.#allow();
      if (this.#eager) this.#typed();
      else if (this.#told !== this.#lang) this.#switch(this.#lang);
      return true;
    }

    /** What is asked now. A word in between (a fault, a list of languages) leaves it open. */
    #note(last) {
      const asks = last?.choices?.length && !last.choices[0].value.startsWith('lang:');
      if (asks || last?.held) this.#asked = last;
      if (last?.seal) this.#attached?.anew();
      this.#view.holding(Boolean(this.#asked.held));
      if (this.#asked.held) this.#ready().catch(() => {}); // while she writes
    }

    #unanswered(fault, body, key, shown, holder = null) {
      this.#eager = false;
      const { box } = this.#view;
      const text = holder ? shown : body.text;
      if (text) this.#view.write([text, box.value].filter(Boolean).join('\n'));
      if (fault.kind === 'expired') {
        this.#ended('expired');
        return;
      }
      this.#failed = { body, key };
      this.#view.notice(`fault.${fault.kind ?? 'trouble'}`, 'retry', () => {
        box.focus({ preventScroll: true });
        if (text) this.#typed(); // as it stands now: she may have changed it
        else this.#send(body, shown);
      });
      if (shown) this.#view.toEnd();
    }

    #ended(how) {
      this.#live = false;
      this.#release();
      this.#server.forget();
      this.#allow();
      this.#view.lock();
      this.#view.notice(`ended.${how}`, 'restart', () => {
        const kept = this.#view.box.value;
        this.#start();
        this.#view.write(kept);
        this.#view.box.focus({ preventScroll: true });
      });
    }

    /** What was held here is gone. */
    #release() {
      this.#held?.forget();
      this.#attached?.forget();
      this.#attached = null;
      this.#files = null;
      this.#held = null;
      this.#loading = null;
      this.#asked = {};
      this.#danger = null;
      this.#view.holding(false);
    }

    /** The window, and the page around it, in the language she wants. */
    #show() {
      const lang = this.#lang;
      this.#view.beside('');
      this.#view.speak(lang);
      const detail = { lang, dir: this.#view.frame.dir, words: WORDS[lang] };
      document.dispatchEvent(new CustomEvent('speaksafe:language', { detail }));
    }

    /** Goes on in another language once its words are here. If they are lost, the old ones stay. */
    async #switch(code) {
      this.#lang = code;
      this.#wish = code;
      this.#view.languages.value = code;
      try {
        await this.#server.learn(code);
      } catch {
        if (code !== this.#lang) return;
        // What the service speaks already it goes on to speak; only the window lags behind.
        if (code !== this.#told) this.#lang = this.#wish = this.#view.lang;
        this.#view.languages.value = this.#lang;
        this.#view.beside('fault.words', 'retry', () => this.#switch(code));
        return;
      }
      if (code !== this.#lang) return;
      if (code !== this.#view.lang) this.#show();
      if (!this.#live || this.#busy || this.#told === code) return;
      this.#told = code;
      this.#send({ choice: `lang:${code}` });
    }

    // -- leaving

    #escape(event) {
      if (event.key !== 'Escape' || event.repeat || !this.#shown) return;
      const now = performance.now();
      if (now - this.#escaped < ESCAPE_TWICE_WITHIN) {
        this.leave();
        return;
      }
      this.#escaped = now;
      const hint = this.#view.status;
      if (!hint.childElementCount) {
        this.#view.notice('leave_once_more');
        const words = hint.firstChild;
        setTimeout(() => words.remove(), ESCAPE_TWICE_WITHIN);
      }
    }

    /** First the screen, then the server, then another page: in the order of urgency. */
    leave() {
      this.#view.host.remove();
      document.body.replaceChildren();
      document.title = '';
      this.#forget();
      document.head.append(make('meta', { name: 'referrer', content: 'no-referrer' }));
      location.replace(this.#exit); // takes this page's place: Back does not return to it
    }

    #forget() {
      this.#server.leave();
      this.#era += 1;
      this.#failed = null;
      this.#live = false;
      this.#release();
      this.#wait(false);
      this.#view.log.replaceChildren();
      this.#view.write('');
      this.#view.beside('');
      this.#view.notice('');
    }

    /** A page that the browser had kept whole must not show what was said. */
    #returned({ persisted }) {
      if (!persisted) return;
      if (!this.#view.host.isConnected) location.reload();
      else if (this.#inline) this.#start();
      else this.#view.show(false);
    }
  }

  // --------------------------------------------------------------------------------- the start

  function chosenLanguage(script) {
    const wishes = [script.dataset.lang, document.documentElement.lang, ...navigator.languages];
    return wishes.map((tag) => (tag ?? '').toLowerCase().split('-')[0])
      .find((code) => languages()[code]) ?? 'en';
  }

  function exitPage(script) {
    try {
      const url = new URL(script.dataset.exit || EXIT_PAGE, document.baseURI);
      return /^https?:$/.test(url.protocol) ? url.href : EXIT_PAGE;
    } catch {
      return EXIT_PAGE;
    }
  }

  async function begin(script) {
    const { target, open, words } = script.dataset;
    if (words) {
      const own = JSON.parse(words);
      WORDS[own.lang] = own;
    }
    const base = new URL('.', script.src);
    const server = new Server(base);
    const lang = chosenLanguage(script);
    // A button in another language is better than none: its words may come later.
    if (!WORDS[lang]) await Promise.race([server.learn(lang), pause(SLOW_AFTER)]).catch(() => {});
    const host = document.querySelector('speaksafe-chat');
    if (host && !host.hasAttribute('data-served')) return;
    // She may have chosen another one while this was on its way.
    const picked = host?.shadowRoot?.querySelector('select').value;
    const chat = new Chat({
      server,
      style: new URL('widget.css', base).href,
      lang: WORDS[lang] ? lang : 'en',
      wish: picked ?? lang,
      exit: exitPage(script),
      target: target ? document.querySelector(target) : null,
      host,
    });
    if (!target && open !== undefined) chat.open();
  }

  const script = document.currentScript;
  if (document.readyState !== 'loading') begin(script);
  else document.addEventListener('DOMContentLoaded', () => begin(script));
})();
