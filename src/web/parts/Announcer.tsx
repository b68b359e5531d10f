/** One polite live region for the whole page: what a sighted person sees change, said. */
import { useLayoutEffect, useState } from 'preact/hooks';

let say: (text: string) => void = () => {};

export const announce = (text: string): void => say(text);

export function Announcer() {
  const [text, setText] = useState('');
  useLayoutEffect(() => {
    say = setText;
    return () => {
      say = () => {};
    };
  }, []);
  return (
    <p class="unseen" role="status">
      {text}
    </p>
  );
}
