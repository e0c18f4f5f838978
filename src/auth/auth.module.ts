import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { MailModule } from '../mail/mail.module.js';
import { Clock } from '../time/clock.js';
import { UsersModule } from '../users/users.module.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { DeleteAccountController } from './delete-account.controller.js';
import { DeleteAccountService } from './delete-account.service.js';
import { DeviceCookie } from './devices/device-cookie.js';
import { ChangeEmailService } from './email/change-email.service.js';
import { EmailController } from './email/email.controller.js';
import { EmailVerificationToken } from './email/email-verification-token.entity.js';
import { EmailVerificationTokens } from './email/email-verification-tokens.js';
import { PendingRegistration } from './email/pending-registration.entity.js';
import { PendingRegistrations } from './email/pending-registrations.js';
import { ResendVerificationService } from './email/resend-verification.service.js';
import { VerificationMails } from './email/verification-mails.js';
import { VerifyEmailService } from './email/verify-email.service.js';
import { ProofCheck } from './dpop/proof-check.js';
import { ProofStore } from './dpop/proof-store.js';
import { createProofStore } from './dpop/create-proof-store.js';
import { AccessRules } from './guards/access-rules.js';
import { JwtAuthGuard } from './guards/jwt-auth.guard.js';
import { RolesGuard } from './guards/roles.guard.js';
import { Housekeeping } from './housekeeping.js';
import { MfaController } from './mfa/mfa.controller.js';
import { MfaService } from './mfa/mfa.service.js';
import { RecoveryCode } from './mfa/recovery-code.entity.js';
import { SecondFactor } from './mfa/second-factor.entity.js';
import { SecondFactorCheck } from './mfa/second-factor-check.js';
import { SecondFactors } from './mfa/second-factors.js';
import { UserMfaController } from './mfa/user-mfa.controller.js';
import { IntrospectionController } from './oauth/introspection.controller.js';
import { IntrospectionService } from './oauth/introspection.service.js';
import { RevocationController } from './oauth/revocation.controller.js';
import { ServiceAuthGuard } from './oauth/service-auth.guard.js';
import { ServiceClient } from './oauth/service-client.entity.js';
import { ServiceClientsService } from './oauth/service-clients.service.js';
import { TokenRevocationService } from './oauth/token-revocation.service.js';
import { OwnerLock } from './owner-lock.js';
import { OwnerNotice } from './owner-notice.js';
import { ChangePasswordService } from './passwords/change-password.service.js';
import { CurrentPassword } from './passwords/current-password.js';
import { ForgotPasswordService } from './passwords/forgot-password.service.js';
import { PasswordController } from './passwords/password.controller.js';
import { PasswordCredential } from './passwords/password-credential.entity.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordResetController } from './passwords/password-reset.controller.js';
import { PasswordResetToken } from './passwords/password-reset-token.entity.js';
import { PasswordResetTokens } from './passwords/password-reset-tokens.js';
import { PasswordsService } from './passwords/passwords.service.js';
import { ResetPasswordService } from './passwords/reset-password.service.js';
import { AccountChangeSubscriber } from './sessions/account-change.subscriber.js';
import { CookieDelivery } from './sessions/cookie-delivery.js';
import { RefreshService } from './sessions/refresh.service.js';
import { RefreshTokenRow } from './sessions/refresh-token.entity.js';
import { Session } from './sessions/session.entity.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionOpener } from './sessions/session-opener.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignOutService } from './sessions/sign-out.service.js';
import { UserSignOutController } from './sessions/user-sign-out.controller.js';
import { ReauthenticationController } from './reauthentication.controller.js';
import { ReauthenticationService } from './reauthentication.service.js';
import { RegistrationService } from './registration.service.js';
import { RecognitionModule } from './recognition.module.js';
import { AccessTokenVerifier } from './strategies/access-token-verifier.js';
import { JwtStrategy } from './strategies/jwt.strategy.js';
import { TokensModule } from './tokens/tokens.module.js';

/** How they prove it: passwords, sessions, access tokens, and the guards that ask for them. */
@Module({
  imports: [
    UsersModule,
    MailModule,
    TokensModule,
    RecognitionModule,
    PassportModule,
    TypeOrmModule.forFeature([
      PasswordCredential,
      PasswordResetToken,
      EmailVerificationToken,
      PendingRegistration,
      SecondFactor,
      RecoveryCode,
      Session,
      RefreshTokenRow,
      ServiceClient,
    ]),
  ],
  controllers: [
    AuthController,
    ReauthenticationController,
    SessionsController,
    PasswordController,
    PasswordResetController,
    EmailController,
    MfaController,
    UserMfaController,
    UserSignOutController,
    DeleteAccountController,
    IntrospectionController,
    RevocationController,
  ],
  providers: [
    AuthService,
    RegistrationService,
    EmailVerificationTokens,
    PendingRegistrations,
    VerificationMails,
    VerifyEmailService,
    ResendVerificationService,
    ChangeEmailService,
    SecondFactors,
    SecondFactorCheck,
    MfaService,
    ReauthenticationService,
    PasswordHasher,
    PasswordsService,
    ChangePasswordService,
    CurrentPassword,
    OwnerLock,
    OwnerNotice,
    PasswordResetTokens,
    ForgotPasswordService,
    ResetPasswordService,
    DeleteAccountService,
    SessionsService,
    SessionOpener,
    RefreshService,
    SignOutService,
    CookieDelivery,
    DeviceCookie,
    AccountChangeSubscriber,
    ProofCheck,
    { provide: ProofStore, inject: [Settings, getDataSourceToken(), Clock], useFactory: createProofStore },
    JwtStrategy,
    AccessRules,
    JwtAuthGuard,
    RolesGuard,
    AccessTokenVerifier,
    ServiceClientsService,
    ServiceAuthGuard,
    IntrospectionService,
    TokenRevocationService,
    Housekeeping,
  ],
  exports: [
    AuthService,
    PasswordsService,
    MfaService,
    JwtAuthGuard,
    ServiceAuthGuard,
    RolesGuard,
    ServiceClientsService,
  ],
})
export class AuthModule {}
