import { Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { createMailTransport } from './create-mail-transport.js';
import { MailRoom } from './mail-room.js';

/** What is sent to people, and how. */
@Module({
  providers: [
    {
      provide: MailRoom,
      inject: [Settings],
      useFactory: (settings: Settings) => new MailRoom(createMailTransport(settings)),
    },
  ],
  exports: [MailRoom],
})
export class MailModule {}
