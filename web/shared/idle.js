/** Signing out when nobody is there. */

export const IDLE_MINUTES = 15;

const MINUTE = 60_000;
const SIGNS_OF_LIFE = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];

/**
 * @param {{warn: () => void, leave: () => void}} on `warn` one minute before the end, `leave` at
 *   the end
 * @returns {{stop: () => void, stay: () => void}} stop watching; somebody answered the warning
 */
export function watchIdle({ warn, leave }) {
  let since = Date.now();
  let warned = false;
  let over = false;
  // The clock is looked at, no timer is trusted: a laptop that slept wakes up past the end, and
  // then the first movement must not count as activity.
  const look = () => {
    if (over) return false;
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
  // The warning is answered by its button alone: if a mere movement took it away, a click meant
  // for it would land on whatever lies below.
  const touch = () => {
    if (look() && !warned) since = Date.now();
  };
  const stay = () => {
    if (!look()) return;
    warned = false;
    since = Date.now();
  };
  const watch = setInterval(look, 5_000);
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, touch, { passive: true });
  const stop = () => {
    over = true;
    clearInterval(watch);
    for (const sign of SIGNS_OF_LIFE) removeEventListener(sign, touch);
  };
  return { stop, stay };
}
