/** A window that is covered for a moment is still looked at. */
const HIDDEN_MS = 5_000;
/** Where a browser does not say that it shows a picture in a window of its own, the main ones go on so small. */
const PERHAPS = { width: 320, height: 180 } as const;
/** A picture that takes this part of the window is a main one. */
const MAIN = 0.25;
const USUAL = 16 / 9;

type Report = (width: number, height: number) => void;
/** What a browser tells when it begins to show a picture above all windows. */
type SmallWindowEvent = Event & { readonly pictureInPictureWindow?: PictureInPictureWindow };

/**
 * Report the size at which a picture is drawn, in device pixels, now and whenever it changes; 0 by 0 while it cannot be
 * seen: off the screen (a page of the gallery, a strip that is scrolled), or in a window that nobody looks at.
 *
 * Measured is the box around the picture, which is there before the first frame: a picture that fills it may be cut, one
 * that is shown whole leaves bars. Returns how to stop.
 */
export function watchDrawn(video: HTMLVideoElement, report: Report): () => void {
  const box = video.parentElement ?? video;
  const page = box.ownerDocument;
  const listening = new AbortController();
  const on = (target: EventTarget | null, type: string, listener: (event: Event) => void) =>
    target?.addEventListener(type, listener, { signal: listening.signal });
  let onScreen: boolean | null = null; // not known yet
  let looked = !page.hidden;
  let small: PictureInPictureWindow | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = () => {
    if (onScreen === null) return;
    const [width, height] = size(box, { onScreen, looked, small });
    report(...picture(video, width, height));
  };
  const resized = new ResizeObserver(tell);
  const moved = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? onScreen;
    tell();
  });
  on(page, 'visibilitychange', () => {
    clearTimeout(timer);
    const follow = () => {
      looked = !page.hidden;
      tell();
    };
    if (page.hidden) timer = setTimeout(follow, HIDDEN_MS);
    else follow();
  });
  on(video, 'resize', tell); // the picture has another shape
  on(page.defaultView, 'resize', tell); // another screen may have other pixels
  on(video, 'enterpictureinpicture', (event) => {
    small = (event as SmallWindowEvent).pictureInPictureWindow ?? null;
    on(small, 'resize', tell);
    tell();
  });
  on(video, 'leavepictureinpicture', () => {
    small = null;
    tell();
  });
  resized.observe(box);
  moved.observe(box);
  return () => {
    clearTimeout(timer);
    resized.disconnect();
    moved.disconnect();
    listening.abort();
  };
}

interface Seen {
  readonly onScreen: boolean;
  readonly looked: boolean;
  readonly small: PictureInPictureWindow | null;
}

function size(box: HTMLElement, { onScreen, looked, small }: Seen): [number, number] {
  const page = box.ownerDocument;
  const ratio = page.defaultView?.devicePixelRatio ?? 1;
  if (small) return [Math.round(small.width * ratio), Math.round(small.height * ratio)];
  if (!onScreen) return [0, 0];
  if (looked) return [Math.round(box.clientWidth * ratio), Math.round(box.clientHeight * ratio)];
  return isMain(box) && !('pictureInPictureEnabled' in page) ? [PERHAPS.width, PERHAPS.height] : [0, 0];
}

/** The size of the picture itself in a box of this size, cut parts included. */
function picture(video: HTMLVideoElement, width: number, height: number): [number, number] {
  if (width === 0 || height === 0) return [0, 0];
  const shape = video.videoWidth && video.videoHeight ? video.videoWidth / video.videoHeight : USUAL;
  const whole = getComputedStyle(video).objectFit === 'contain';
  const tall = whole ? Math.min(height, width / shape) : Math.max(height, width / shape);
  return [Math.round(tall * shape), Math.round(tall)];
}

function isMain(box: HTMLElement): boolean {
  const { innerWidth = 0, innerHeight = 0 } = box.ownerDocument.defaultView ?? {};
  return box.clientWidth * box.clientHeight >= innerWidth * innerHeight * MAIN;
}
