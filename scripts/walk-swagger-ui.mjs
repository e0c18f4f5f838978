// Walks through Swagger UI in headless Chromium as a newcomer would: sign in, authorize, call a protected route, sign
// out, call it again. Usage: node scripts/walk-swagger-ui.mjs URL EMAIL PASSWORD FOLDER
// Takes a screenshot of each step into FOLDER; CHROMIUM names the browser (default /usr/bin/chromium).
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, email, password, folder] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const complaints = [];
page.on('console', (message) => {
  // A refused request shows up as an error here, and one of them is what this walk is about.
  if (message.type() === 'error' && !/status of 401/.test(message.text())) {
    complaints.push(message.text());
  }
});
page.on('pageerror', (error) => complaints.push(error.message));

const operation = (id) => page.locator(`.opblock[id$="-${id}"]`);
const shoot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });

async function execute(id, body) {
  const block = operation(id);
  if (!(await block.locator('.opblock-body').isVisible())) {
    await block.locator('.opblock-summary').click();
  }
  if (body !== undefined) {
    await block
      .locator('textarea')
      .first()
      .fill(JSON.stringify(body, null, 2));
  }
  const path = await block.locator('.opblock-summary-path').getAttribute('data-path');
  const answered = page.waitForResponse(
    (response) => response.request().method() !== 'OPTIONS' && new URL(response.url()).pathname === path,
  );
  await block.locator('button.execute').click();
  const response = await answered;
  await block.locator('.live-responses-table').waitFor();
  await block.locator('.live-responses-table').scrollIntoViewIfNeeded();
  return response;
}

try {
  await page.goto(`${url}/docs`);
  await page.locator('.opblock').first().waitFor();
  await shoot('1-open');

  const signedIn = await execute('login', { email, password });
  assert.equal(signedIn.status(), 200);
  const { accessToken } = await signedIn.json();
  await shoot('2-signed-in');

  await page.locator('.btn.authorize').first().click();
  const bearer = page.locator('.modal-ux form', { has: page.locator('#auth-bearer-value') });
  await bearer.locator('#auth-bearer-value').fill(accessToken);
  await shoot('3-authorize');
  await bearer.locator('button.authorize').click();
  await page.locator('.modal-ux .btn-done').first().click();

  assert.equal((await execute('getProfile')).status(), 200);
  await shoot('4-let-in');

  assert.equal((await execute('refresh', {})).status(), 200, 'the cookie renews the tokens');

  assert.equal((await execute('logout')).status(), 204);
  await shoot('5-signed-out');

  assert.equal((await execute('getProfile')).status(), 401);
  await shoot('6-refused');
  assert.deepEqual(complaints, []);
  console.log('signed in, let in, signed out, refused');
} finally {
  await browser.close();
}
