import { routeFlag } from '../../http/route-flag.js';

const flag = routeFlag('hashesPassword');

/** The route hashes a password for whoever asks: while too many wait for that, it turns away before it reads a body. */
export const HashesPassword = flag.mark;

/** Whether the route that a request is for hashes a password for whoever asks. */
export const hashesPassword = flag.isOn;
