package org.kohsuke.stapler.export;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface Exported {
    int visibility() default 0;

    java.lang.String name() default "";

    boolean inline() default false;

    boolean merge() default false;

    boolean skipNull() default false;

    java.lang.String verboseMap() default "";
}

// stub: org.kohsuke.stapler.export.Exported -a
