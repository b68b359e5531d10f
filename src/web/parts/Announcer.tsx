/** One polite live region for the whole page: what a sighted person sees change, said. */
import { useEffect, useState } from 'preact/hooks';

let say: (text: string) => void = () => {};

export const announce = (text: string): void => say(text);

export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
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
