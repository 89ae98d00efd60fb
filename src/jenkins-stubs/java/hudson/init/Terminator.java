package hudson.init;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface Terminator {
    hudson.init.TermMilestone after();

    hudson.init.TermMilestone before();

    java.lang.String[] requires() default {};

    java.lang.String[] attains() default {};

    java.lang.String displayName() default "";
}

// stub: hudson.init.Terminator
