# frozen_string_literal: true

# ruby load_tests.rb OPTIONS... -- FILES...: loads the files as rake's test task does; the frameworks that they ask for
# then run by themselves.
at = ARGV.rindex('--')
files = ARGV.slice!(at..).drop(1)
files.each { |file| require File.expand_path(file) }
require_relative 'ruby_reports'
