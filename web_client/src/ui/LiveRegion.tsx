import { signal } from '@preact/signals';
import { CircleCheck } from 'lucide';
import type { VNode } from 'preact';
import { Icon } from './Icon';
import './widgets.css';

const SHOWN_MS = 5000;

interface Notice {
  text: string;
  visible: boolean;
}

const current = signal<Notice | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

function show(notice: Notice): void {
  clearTimeout(timer);
  current.value = notice;
  timer = setTimeout(() => {
    current.value = null;
  }, SHOWN_MS);
}

/** Say something to screen readers only. */
export function announce(text: string): void {
  show({ text, visible: false });
}

/** Say that something succeeded: on the screen for five seconds, and to screen readers. */
export function notify(text: string): void {
  show({ text, visible: true });
}

/** Where `announce` and `notify` speak; drawn once on each page. */
export function LiveRegion(): VNode {
  const notice = current.value;
  return (
    <output class="notices" aria-live="polite">
      {notice ? (
        <span class={notice.visible ? 'notice' : 'visually-hidden'}>
          <Icon icon={CircleCheck} />
          <span>{notice.text}</span>
        </span>
      ) : null}
    </output>
  );
}
