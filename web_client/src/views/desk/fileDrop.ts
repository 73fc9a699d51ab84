/** Handlers of an element on which files may be dropped; the innermost one takes them. */
export interface FileDrop {
  onDragOver: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
}

export function fileDrop(onFiles: (files: File[]) => void): FileDrop {
  return {
    onDragOver: (event) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    },
    onDrop: (event) => {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (event.defaultPrevented || files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    },
  };
}
