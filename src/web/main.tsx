/** Starts the page. The session and the catalogue travel at the same time. */
import { render } from 'preact';
import type { MeShape } from '../read-models/shapes.ts';
import { App } from './App.tsx';
import { load, openSession } from './api.ts';
import { fitFrame } from './frame.ts';
import { speak, wantedLanguage } from './language.tsx';
import './tokens.css';
import './app.css';
import './controls.css';
import './parts.css';
import './charts.css';
import './print.css';
import './goals.css';

const opened = openSession().then(() => load<MeShape>('/api/me'));
opened.catch(() => {}); // App asks again and shows what went wrong
const first = await speak(wantedLanguage(null));
const root = document.getElementById('app');
if (root) {
  render(<App first={first} opened={opened} />, root);
  fitFrame(root);
}
