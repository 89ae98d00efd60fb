package org.kohsuke.stapler;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface DataBoundConstructor {}

// stub: org.kohsuke.stapler.DataBoundConstructor
