import { beforeEach, describe, expect, it, vi } from 'vitest';
import { afterSignIn, matchPath, navigate, route, startRouter } from '../../src/router';

describe('paths', () => {
  it.each([
    ['/', 'home', {}],
    ['/signin', 'signin', {}],
    ['/meetings/a1b2', 'meeting', { id: 'a1b2' }],
    ['/meetings/a1b2/room', 'room', { id: 'a1b2' }],
    ['/meetings/a1b2/minutes', 'minutes', { id: 'a1b2' }],
    ['/meetings/a1b2/papers/c3d4', 'paper', { id: 'a1b2', paperId: 'c3d4' }],
    ['/meetings/a1b2/papers', 'missing', {}],
    ['/audit', 'audit', {}],
    ['/meetings/a/b/c', 'missing', {}],
    ['/welcome', 'welcome', {}],
    ['/nowhere', 'missing', {}],
  ])('%s is %s', (path, view, params) => {
    expect(matchPath(path)).toEqual({ view, params });
  });

  it('after sign-in lead only within this client', () => {
    expect(afterSignIn('?next=%2Fmeetings%2Fa1%2Froom')).toBe('/meetings/a1/room');
    expect(afterSignIn('?next=https%3A%2F%2Fevil.example')).toBe('/');
    expect(afterSignIn('?next=%2F%2Fevil.example')).toBe('/');
    expect(afterSignIn('')).toBe('/');
  });
});

describe('links', () => {
  beforeEach(() => vi.stubGlobal('scrollTo', vi.fn()));
  beforeEach(() => {
    document.body.replaceChildren();
    navigate('/', { replace: true });
  });

  function press(href: string, attributes: Record<string, string> = {}, init: MouseEventInit = {}): boolean {
    const link = document.createElement('a');
    for (const [name, value] of Object.entries({ href, ...attributes })) link.setAttribute(name, value);
    document.body.append(link);
    return link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, button: 0, ...init }));
  }

  it('of this client are followed without loading the page', () => {
    startRouter();
    expect(press('/meetings/m1')).toBe(false);
    expect(route.value).toEqual({ view: 'meeting', params: { id: 'm1' } });
  });

  it('to downloads, new tabs, documents and other sites are the browser’s', () => {
    const stop = (event: Event) => event.preventDefault();
    for (const [href, attributes, init] of [
      ['/meetings/m1', { download: '' }, {}],
      ['/meetings/m1', { target: '_blank' }, {}],
      ['/meetings/m1', {}, { ctrlKey: true }],
      ['/api/v1/authority', {}, {}],
      ['https://elsewhere.example/', {}, {}],
    ] as const) {
      addEventListener('click', stop, { once: true }); // jsdom does not navigate; only that the router did not matters
      press(href, attributes, init);
      removeEventListener('click', stop);
      expect(route.value.view).toBe('home');
    }
  });
});
