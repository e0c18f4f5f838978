import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

/** Whose address is to be verified. */
export class ResendVerificationDto {
  @ApiProperty({ format: 'email', example: 'ada@shop.example' })
  @IsString()
  @MaxLength(254)
  email: string;
}
