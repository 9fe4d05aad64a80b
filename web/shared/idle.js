/** Signing out when nobody is there. */

export const IDLE_MINUTES = 15;

const MINUTE = 60_000;
const SIGNS_OF_LIFE = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];

/**
 * @param {{warn: () => void, active: () => void, leave: () => void}} on `warn` one minute before
 *   the end, `active` when somebody moves after the warning, `leave` at the end
 * @returns {() => void} stop watching
 */
export function watchIdle({ warn, active, leave }) {
  let since = Date.now();
  let warned = false;
  // The clock is looked at, no timer is trusted: a laptop that slept wakes up past the end, and
  // then the first movement must not count as activity.
  const look = () => {
    const idle = Date.now() - since;
    if (idle >= IDLE_MINUTES * MINUTE) {
      leave();
      return false;
    }
    if (idle >= (IDLE_MINUTES - 1) * MINUTE && !warned) {
      warned = true;
      warn();
    }
    return true;
  };
  const touch = () => {
    if (!look()) return;
    since = Date.now();
    if (warned) active();
    warned = false;
  };
  const watch = setInterval(look, 5_000);
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, touch, { passive: true });
  return () => {
    clearInterval(watch);
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, touch);
  };
}
