# Lập, ký và xác minh biên bản.
minutes-title = Biên bản
minutes-back = Về cuộc họp
minutes-state = { $state ->
    [draft] Dự thảo
    [review] Chờ ký
   *[signed] Đã ký
  }
minutes-none = Chưa có biên bản
minutes-none-text = Biên bản được lập từ dữ liệu cuộc họp sau khi bế mạc.
minutes-lead = Dự thảo được lập từ dữ liệu cuộc họp. Hãy hoàn thiện nội dung; kết quả biểu quyết lấy từ hồ sơ và không sửa được.
minutes-section-untitled = Mục
minutes-attendance = Thành phần tham dự
minutes-attendance-note = Văn bản tự liệt kê người tham dự theo hồ sơ; ghi thêm nhận xét tại đây nếu có.
minutes-opening = Khai mạc
minutes-closing = Bế mạc
minutes-facts = Theo hồ sơ cuộc họp
minutes-save = Lưu
minutes-saved = Đã lưu biên bản.
minutes-unsaved = Có thay đổi chưa lưu. Một bản sao được giữ trong thẻ trình duyệt này.
minutes-restored = Đã khôi phục nội dung chưa lưu từ thẻ trình duyệt này.
minutes-restored-discard = Bỏ và hiển thị bản đã lưu
minutes-review = Hoàn tất biên bản
minutes-review-question = Nội dung sẽ được cố định và lập thành văn bản để ký. Hoàn tất biên bản?
minutes-review-done = Văn bản đã sẵn sàng để ký.
minutes-conflict = Có người khác vừa lưu biên bản
minutes-conflict-text = Không có nội dung nào bị mất. Với mục mà cả hai cùng sửa, hãy chọn nội dung được giữ lại; có thể sửa tiếp trước khi lưu.
minutes-conflict-mine = Nội dung đang soạn
minutes-conflict-theirs = Nội dung đã lưu
minutes-conflict-use-mine = Giữ nội dung đang soạn
minutes-conflict-use-theirs = Lấy nội dung đã lưu
minutes-conflict-use-both = Giữ cả hai
minutes-conflict-open = Còn { $count } mục cần chọn.
minutes-document = Văn bản
minutes-open-pdf = Mở biên bản (PDF)
minutes-signatures = Chữ ký
minutes-signed = Đã ký
minutes-next = Người ký tiếp theo: { $name }.
minutes-next-you = Đã đến lượt ký biên bản.
minutes-waits = Ký sau { $name }
minutes-sign = Ký biên bản
minutes-sign-text = Chữ ký gắn với đúng văn bản hiện tại. Hãy mở và đọc văn bản trước khi ký; hệ thống sẽ hỏi lại mật khẩu.
minutes-signed-done = Đã ký biên bản.
minutes-complete = Đã đủ chữ ký.
minutes-pending = Chưa ký
