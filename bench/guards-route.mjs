// The route that is measured: an answer of 1 kB, for whoever has the role `customer` where a guard asks.
import { Controller, Get } from '@nestjs/common';
import { Roles } from '../dist/auth/decorators/roles.decorator.js';

const ANSWER = {
  id: '01a20b4b-ad7d-7257-9bbf-39ea02dddbb9',
  title: 'Trail running shoe',
  price: { amount: 12_900, currency: 'EUR' },
  inStock: true,
  description: '',
};
ANSWER.description = 'x'.repeat(1024 - JSON.stringify(ANSWER).length);

/** Answers with 1,024 bytes of JSON. */
export class BenchController {
  read() {
    return ANSWER;
  }
}

const read = Object.getOwnPropertyDescriptor(BenchController.prototype, 'read');
Get()(BenchController.prototype, 'read', read);
Roles('customer')(BenchController.prototype, 'read', read);
Controller('bench')(BenchController);
