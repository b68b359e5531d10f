/** A screen's first heading. After a change of screen the focus lands here, so that nobody is left on a page that is gone. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

let arriving = false;

/** Called at each change of screen, before it is drawn. */
export function markNavigated(): void {
  arriving = true;
}

export function Title(props: { page: string; children: ComponentChildren; class?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    document.title = `${props.page} · APTT Connect`;
  }, [props.page]);
  useLayoutEffect(() => {
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
