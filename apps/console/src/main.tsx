import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/overview.css';
import './styles/devices.css';
import './styles/device.css';
import './styles/lists.css';
import './styles/fitting.css';
import './platform/theme.ts';
import { render } from 'preact';
import { catalogue } from './catalogue/index.ts';
import { speakFrom } from './platform/text.ts';
import { App } from './shell/app.tsx';

speakFrom(catalogue);
render(<App />, document.getElementById('app')!);
