/** A screen's first heading. After a change of screen the focus lands here, so that nobody is left on a page that is gone. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let arriving = false;
let first = true;

/** Called at each change of screen; the first screen of all takes no focus away from the page around us. */
export function markNavigated(): void {
  arriving = !first;
  first = false;
}

export function Title(props: { page: string; children: ComponentChildren; class?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.page} · APTT Connect`;
  }, [props.page]);
  useEffect(() => {
    if (!arriving) return;
    arriving = false;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={props.class}>
      {props.children}
    </h1>
  );
}
