import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchDrawn } from '../../src/views/room/watchDrawn';

let moved: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
let resized: () => void = () => undefined;
const disconnected = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  disconnected.mockReset();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: typeof moved) {
        moved = callback;
      }
      observe(): void {}
      disconnect = disconnected;
    },
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        resized = callback;
      }
      observe(): void {}
      disconnect = disconnected;
    },
  );
  Object.defineProperty(document, 'pictureInPictureEnabled', { configurable: true, value: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  hide(false);
  document.body.replaceChildren();
});

function hide(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

function picture(width = 640, height = 360): { video: HTMLVideoElement; sized: (width: number, height: number) => void } {
  const box = document.createElement('article');
  const video = document.createElement('video');
  video.style.objectFit = 'cover';
  box.append(video);
  document.body.append(box);
  const sized = (...[w, h]: [number, number]) => {
    Object.defineProperty(box, 'clientWidth', { configurable: true, value: w });
    Object.defineProperty(box, 'clientHeight', { configurable: true, value: h });
  };
  sized(width, height);
  return { video, sized };
}

describe('a picture that is drawn', () => {
  it('is measured in device pixels once it is known whether it can be seen', () => {
    vi.stubGlobal('devicePixelRatio', 2);
    const report = vi.fn();
    const { video, sized } = picture();
    watchDrawn(video, report);
    resized();
    expect(report).not.toHaveBeenCalled();
    moved([{ isIntersecting: true }]);
    expect(report).toHaveBeenLastCalledWith(1280, 720);
    sized(320, 180);
    resized();
    expect(report).toHaveBeenLastCalledWith(640, 360);
  });

  it('counts as large as it is itself: cut where it fills its box, smaller where it is shown whole', () => {
    const report = vi.fn();
    const { video } = picture(200, 300);
    watchDrawn(video, report);
    moved([{ isIntersecting: true }]);
    expect(report).toHaveBeenLastCalledWith(533, 300);
    video.style.objectFit = 'contain';
    resized();
    expect(report).toHaveBeenLastCalledWith(200, 113);
  });

  it('is none while it is off the screen', () => {
    const report = vi.fn();
    watchDrawn(picture().video, report);
    moved([{ isIntersecting: true }, { isIntersecting: false }]);
    expect(report).toHaveBeenLastCalledWith(0, 0);
  });

  it('is none in a window that nobody has looked at for a while', async () => {
    const report = vi.fn();
    watchDrawn(picture().video, report);
    moved([{ isIntersecting: true }]);
    hide(true);
    await vi.advanceTimersByTimeAsync(3_000);
    hide(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(report).not.toHaveBeenCalledWith(0, 0);
    hide(true);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(report).toHaveBeenLastCalledWith(0, 0);
    hide(false);
    expect(report).toHaveBeenLastCalledWith(640, 360);
  });

  it('counts in the small window of the browser, whatever becomes of the page', async () => {
    const report = vi.fn();
    const { video } = picture();
    watchDrawn(video, report);
    moved([{ isIntersecting: true }]);
    const small = Object.assign(new EventTarget(), { width: 300, height: 170 });
    video.dispatchEvent(Object.assign(new Event('enterpictureinpicture'), { pictureInPictureWindow: small }));
    hide(true);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(report).toHaveBeenLastCalledWith(302, 170);
    Object.assign(small, { width: 600, height: 340 });
    small.dispatchEvent(new Event('resize'));
    expect(report).toHaveBeenLastCalledWith(604, 340);
    video.dispatchEvent(new Event('leavepictureinpicture'));
    expect(report).toHaveBeenLastCalledWith(0, 0);
  });

  it('goes on small where a browser may show it without saying so, if it is a main one', async () => {
    Reflect.deleteProperty(document, 'pictureInPictureEnabled');
    const [large, tile] = [vi.fn(), vi.fn()];
    watchDrawn(picture(1000, 700).video, large);
    moved([{ isIntersecting: true }]);
    watchDrawn(picture(160, 90).video, tile);
    moved([{ isIntersecting: true }]);
    hide(true);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(large).toHaveBeenLastCalledWith(320, 180);
    expect(tile).toHaveBeenLastCalledWith(0, 0);
  });

  it('is forgotten when it goes', async () => {
    const report = vi.fn();
    const stop = watchDrawn(picture().video, report);
    moved([{ isIntersecting: true }]);
    stop();
    report.mockReset();
    hide(true);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(report).not.toHaveBeenCalled();
    expect(disconnected).toHaveBeenCalledTimes(2);
  });
});
