package io.snaprail.console;

import org.apache.felix.webconsole.spi.BrandingPlugin;
import org.osgi.service.component.annotations.Component;

/** Gives Felix Web Console our name and icon. */
@Component(service = BrandingPlugin.class)
public final class Branding implements BrandingPlugin {
  private static final String ICON = "/" + PointsPlugin.LABEL + PointsPlugin.ICON;

  @Override
  public String getBrandName() {
    return "Snaprail";
  }

  @Override
  public String getProductName() {
    return "Snaprail";
  }

  @Override
  public String getProductURL() {
    return "/points";
  }

  @Override
  public String getProductImage() {
    return ICON;
  }

  @Override
  public String getVendorName() {
    return "Snaprail";
  }

  @Override
  public String getVendorURL() {
    return "/points";
  }

  @Override
  public String getVendorImage() {
    return ICON;
  }

  @Override
  public String getFavIcon() {
    return ICON;
  }

  /** Felix's own; ours comes on top of it. */
  @Override
  public String getMainStyleSheet() {
    return "/res/ui/webconsole.css";
  }
}
