package org.kohsuke.stapler.export;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface ExportedBean {
    int defaultVisibility() default 0;
}

// stub: org.kohsuke.stapler.export.ExportedBean -a
