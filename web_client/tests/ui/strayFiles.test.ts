import { expect, test } from 'vitest';
import { refuseStrayFiles } from '../../src/ui/strayFiles';

function drag(type: string, on: Element, kinds: readonly string[]): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: kinds, dropEffect: 'copy' } });
  on.dispatchEvent(event);
  return event;
}

test('a file dropped beside its place does not take the page away; fields and texts are left alone', () => {
  refuseStrayFiles(window);
  document.body.innerHTML = '<main></main><input type="file" /><textarea></textarea>';
  const [page, field, text] = ['main', 'input', 'textarea'].map((name) => document.querySelector(name) as Element);
  for (const type of ['dragover', 'drop']) {
    const stray = drag(type, page as Element, ['Files']) as DragEvent;
    expect(stray.defaultPrevented).toBe(true);
    expect(stray.dataTransfer?.dropEffect).toBe('none');
    expect(drag(type, field as Element, ['Files']).defaultPrevented).toBe(false);
    expect(drag(type, text as Element, ['text/plain']).defaultPrevented).toBe(false);
  }
});
