import './ui/tokens.css';
import './ui/base.css';
import { render } from 'preact';
import { App } from './app';
import { negotiate, setLocale } from './i18n';
import { startRouter } from './router';
import { bootError } from './state/boot';
import { loadSession } from './state/session';
import { refuseStrayFiles } from './ui/strayFiles';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');

startRouter();
refuseStrayFiles(window);
await setLocale(negotiate());
render(<App />, root);
try {
  await loadSession();
} catch (error) {
  bootError.value = error;
}
