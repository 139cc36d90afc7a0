// Records, statistics, and what belongs to their keeping: begin here.
import { open } from 'desk/office/frame.js';
import { meet } from 'desk/office/me.js';
import { GROUPS, pages } from './places.js';

await open({ groups: GROUPS, pages }, meet);
