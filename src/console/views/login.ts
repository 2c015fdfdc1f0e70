import { type Html, html } from '../html.ts';
import { barePageOf } from './layout.ts';

export type LoginPage = {
  /** Path of the console to which the login leads. */
  readonly next: string;
  readonly problem: string | null;
};

const problemOf = (problem: string): Html => html`<p class="notice bad" role="alert">${problem}</p>`;

export const loginPage = ({ next, problem }: LoginPage): string =>
  barePageOf(
    'PayCools console',
    html`${problem !== null && problemOf(problem)}
<form class="login" method="post" action="/console/login">
<input type="hidden" name="next" value="${next}">
<label for="token">Your operator token</label>
<input id="token" type="password" name="token" required autofocus autocomplete="current-password">
<button class="strong">Log in</button>
</form>`,
  );

/** A page that says why a visitor is refused. */
export const refusalPage = (reason: string): string => barePageOf('PayCools console', problemOf(reason));
