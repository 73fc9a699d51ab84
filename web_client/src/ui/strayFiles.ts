/**
 * A file that is dropped beside the places for files would be opened by the browser in place of this page, with
 * everything that was typed into it. It is refused instead; a file field takes its own.
 */
export function refuseStrayFiles(target: EventTarget): void {
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
}

function refuse(event: Event): void {
  const { dataTransfer } = event as DragEvent;
  if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return;
  if (event.target instanceof HTMLInputElement && event.target.type === 'file') return;
  event.preventDefault();
  dataTransfer.dropEffect = 'none';
}
