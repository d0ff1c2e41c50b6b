package io.snaprail.console.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoginFormsTest {
  private final LoginForms forms = new LoginForms();

  @Test
  void aTokenFitsItsOwnCookieOnly() {
    String mine = forms.newCookie();
    String other = forms.newCookie();

    assertThat(forms.matches(mine, forms.token(mine))).isTrue();
    assertThat(forms.matches(other, forms.token(mine))).isFalse();
    assertThat(forms.matches(mine, "")).isFalse();
    assertThat(forms.matches(mine, mine)).isFalse();
  }

  @Test
  void anotherGatewaysTokenIsWorthless() {
    String cookie = forms.newCookie();

    assertThat(forms.matches(cookie, new LoginForms().token(cookie))).isFalse();
  }
}
