import '../styles/base.css';
import '../styles/shell.css';
import '../styles/parts.css';
import '../styles/devices.css';
import '../styles/device.css';
import '../styles/lists.css';
import '../styles/home.css';
import '../platform/theme.ts';
import { render } from 'preact';
import { devices } from '../catalogue/devices.ts';
import { home } from '../catalogue/home.ts';
import { problems } from '../catalogue/problems.ts';
import { resources } from '../catalogue/resources.ts';
import { shell } from '../catalogue/shell.ts';
import { speakFrom } from '../platform/text.ts';
import { HomeApp } from './home-app.tsx';

speakFrom({ ...shell, ...devices, ...home, ...resources, ...problems });
render(<HomeApp />, document.getElementById('app')!);
