package org.kohsuke.stapler;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface DataBoundSetter {}

// stub: org.kohsuke.stapler.DataBoundSetter
